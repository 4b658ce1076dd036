import { text } from "node:stream/consumers";
import { interrupted } from "../interruption.ts";
import { endWith, ownProcess } from "./own-process.ts";
import { run } from "./program.ts";

/** Runs one command line as the process's own. */
export async function main(args: readonly string[]): Promise<void> {
	const own = ownProcess("spear-codegen");
	endWith(await run(args, { ...own, cwd: process.cwd(), stdin: () => uninterrupted(text(process.stdin), own.signal) }));
}

/** @throws CodegenFailure with exit code 130 if the signal is aborted first */
function uninterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	signal.addEventListener("abort", () => reject(interrupted()), { once: true });
	return Promise.race([work, promise]);
}
