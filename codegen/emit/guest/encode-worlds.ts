/**
 * Run as a process with an `EncoderInput` as JSON on standard input. Encodes each world as a guest's build does, without features. The encoded
 * package of the first one goes to standard output. If the encoder refuses a world, the last line on standard error is
 * `{"world": …, "message": …}`, and the exit code is 3.
 */
import { text } from "node:stream/consumers";
import { customSection } from "./custom-section.ts";
import type { EncoderInput } from "./encoded-package.ts";
import { mountFiles } from "./files-in-memory.ts";

const { files, worlds }: EncoderInput = JSON.parse(await text(process.stdin));
await mountFiles("wit", files);
// After the mount, which decides over the modules that it loads.
const { componentEmbed } = await import("@bytecodealliance/jco-transpile/wasm-tools");

const sections: Uint8Array[] = [];
for (const world of worlds) {
	try {
		const core = await componentEmbed({ witPath: "/wit", world, dummy: true, features: { tag: "list", val: [] } });
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
