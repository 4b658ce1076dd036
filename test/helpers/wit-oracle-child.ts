/**
 * Runs the official WIT parser (inside jco) on jobs from the parent process, one after another.
 *
 * Runs in a process of its own, because after a panic of the parser every later call fails. The child reports a panic and ends, and the
 * parent starts another child for the remaining jobs.
 */
import { componentEmbed } from "@bytecodealliance/jco";
import { unpackWit } from "@bytecodealliance/jco-transpile";
import type { OracleAnswer, OracleJob } from "./wit-oracle.ts";

process.on("message", async (job: OracleJob) => {
	const answer = await run(job);
	process.send?.(answer, () => {
		if (answer.kind === "panicked") {
			process.exit(0);
		}
	});
});

async function run(job: OracleJob): Promise<OracleAnswer> {
	try {
		const bytes = await componentEmbed({
			...("text" in job ? { witSource: job.text } : { witPath: job.path }),
			dummy: true,
			world: job.world,
			features: job.features === undefined ? { tag: "all" } : { tag: "list", val: [...job.features] },
		});
		const files = await unpackWit(undefined, componentTypeSection(bytes));
		return { kind: "accepted", files: [...files] };
	} catch (error) {
		if (error instanceof Error && error.name === "RuntimeError") return { kind: "panicked", message: error.message };
		return { kind: "refused", message: messageOf(error) };
	}
}

function messageOf(error: unknown): string {
	const payload = typeof error === "object" && error !== null && "payload" in error ? error.payload : undefined;
	if (typeof payload === "object" && payload !== null) {
		return JSON.stringify(payload);
	}
	return typeof payload === "string" ? payload : String(error);
}

/** Returns the content of the first custom section whose name begins with `component-type`. */
function componentTypeSection(wasm: Uint8Array): Uint8Array {
	let position = 8;
	const integer = (): number => {
		let value = 0;
		for (let shift = 0; ; shift += 7) {
			const byte = wasm[position++] ?? 0;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) {
				return value;
			}
		}
	};
	while (position < wasm.length) {
		const id = wasm[position++];
		const length = integer();
		const end = position + length;
		if (id === 0) {
			const nameLength = integer();
			const name = new TextDecoder().decode(wasm.subarray(position, position + nameLength));
			if (name.startsWith("component-type")) {
				return wasm.slice(position + nameLength, end);
			}
		}
		position = end;
	}
	throw new Error("no component-type section in what componentEmbed made");
}
