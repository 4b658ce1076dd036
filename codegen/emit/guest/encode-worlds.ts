/**
 * Run as a process: `encode-worlds.ts <absolute WIT directory> <world>…` encodes each world as a guest's build does, without features, and
 * writes the encoded package of the first one to standard output. If the encoder refuses a world, the last line on standard error is
 * `{"world": …, "message": …}`, and the exit code is 3.
 */
import { componentEmbed } from "@bytecodealliance/jco-transpile/wasm-tools";
import { customSection } from "./custom-section.ts";

const [witPath, ...worlds] = process.argv.slice(2);
if (witPath === undefined || worlds.length === 0) throw new Error("usage: encode-worlds.ts <absolute WIT directory> <world>…");

const sections: Uint8Array[] = [];
for (const world of worlds) {
	try {
		const core = await componentEmbed({ witPath, world, dummy: true, features: { tag: "list", val: [] } });
		const section = customSection(core, "component-type");
		if (section === undefined) throw new Error(`the encoder left out the \`component-type\` section of world \`${world}\``);
		sections.push(section);
	} catch (cause) {
		process.stderr.write(`\n${JSON.stringify({ world, message: messageOf(cause) })}\n`);
		process.exit(3);
	}
}
process.stdout.write(sections[0] ?? new Uint8Array());

/** The encoder throws its own errors as objects with a `payload`. */
function messageOf(cause: unknown): string {
	const payload = typeof cause === "object" && cause !== null && "payload" in cause ? cause.payload : cause;
	return payload instanceof Error ? payload.message : typeof payload === "string" ? payload : JSON.stringify(payload);
}
