/** Thread of speech: runs the synthesizer flite, a program in WebAssembly, once for each sentence. */
import { readFile } from "node:fs/promises";
import { SpearError } from "../../../../errors/spear-error.ts";
import { serveEngine } from "../../../kit/engine/serve-engine.ts";
import { samplesOf } from "./flite-output.ts";
import { runProgram } from "./memory-system.ts";
import { type WebAssemblyModule, webAssembly } from "./web-assembly.ts";

/** A sentence to speak. */
export interface SpeechTask {
	readonly text: string;
	readonly voice: string;
	/** Factor of the durations of all sounds. */
	readonly stretch: number;
}

/** Longest speech of one sentence, in bytes: more than eight minutes. */
const MAX_OUTPUT = 16 * 1024 * 1024;

await serveEngine<SpeechTask, Uint8Array<ArrayBuffer>, void>(async (path) => {
	if (typeof path !== "string") throw new Error("the settings of the thread are no path");
	let module: WebAssemblyModule;
	try {
		module = await webAssembly.compile(await readFile(path));
	} catch {
		throw new SpearError("internal", "the file of the model flite is damaged; pull it again: spear models pull flite");
	}
	return async ({ text, voice, stretch }, { emit }) => {
		const args = ["flite", "-voice", voice, "--setf", `duration_stretch=${stretch}`, "-f", "/text", "-o", "/sound"];
		const files = new Map([["text", Buffer.from(text, "latin1")]]);
		// A new instance for each sentence: a trap leaves nothing behind, and no guest's text meets that of another.
		const samples = samplesOf(await runProgram(module, { args, files, output: "sound", maxOutput: MAX_OUTPUT }));
		emit(samples, [samples.buffer]);
	};
});
