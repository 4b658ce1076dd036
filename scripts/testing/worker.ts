/**
 * Test files one after another in this process: `node worker.ts FILE…`.
 *
 * A file has ended when nothing of it keeps the event loop alive, as if the process were its own. The worker then writes an end mark
 * to both outputs and imports the next file. The last file ends with the process. A file that crashes ends the process, and so does
 * a file whose tests never finish: the reader of the outputs knows by the marks which file it was.
 */
import { resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { endMark } from "./end-mark.ts";

const files = process.argv.slice(2);
let finished = true;

// Otherwise uvu runs the suites by itself, and does not say when they have ended.
Reflect.set(globalThis, "UVU_DEFER", true);
const { exec, test } = await import("uvu");

/** Groups of suites that wait for `exec`, which leaves them in place. The first entry of a group is its title. */
const queue: unknown = Reflect.get(globalThis, "UVU_QUEUE");
if (!Array.isArray(queue)) throw new Error("uvu has no queue of suites; this worker is written for uvu 0.5");

function emptyQueue(): void {
	Array.prototype.splice.call(queue, 0, Number.POSITIVE_INFINITY, [null]);
}

async function run(file: string): Promise<void> {
	finished = false;
	process.exitCode = undefined;
	emptyQueue();
	// Removes tests that the file before left in the suite that all files share.
	test.run();
	emptyQueue();
	await import(pathToFileURL(resolve(file)).href);
	await exec();
	finished = true;
}

function next(): void {
	const file = files.shift();
	if (file !== undefined) void run(file);
}

process.on("beforeExit", (exitCode) => {
	if (!finished || files.length === 0) return;
	for (const stream of [process.stdout, process.stderr]) stream.write(endMark(exitCode));
	// Within a turn of the event loop: Node then waits for a compilation of WebAssembly, which by itself keeps nothing alive.
	setImmediate(next);
});
next();
