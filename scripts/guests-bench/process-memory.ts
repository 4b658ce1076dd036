import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

const MB = 2 ** 20;

/** Time after which idle connections have closed, in milliseconds. */
const IDLE_MS = 6_000;

/** Collections. Finalizers release what the one before has found. */
const COLLECTIONS = 3;

/** Time after a collection in which other threads of V8 return memory, in milliseconds. */
const RETURN_MS = 300;

/** Memory of this process without garbage and idle connections, in bytes. */
export interface SettledMemory {
	/** Resident memory. */
	readonly used: number;
	/** Part of V8's heap that is in use. */
	readonly heap: number;
	/** Free pages of V8's heap. V8 keeps them for later use, and returns them in the collection of an idle process, within about half a minute. */
	readonly kept: number;
}

/** Waits until connections are closed and garbage is collected, and makes V8 return the free pages of its heap. Returns the sizes. */
export async function settledMemory(): Promise<SettledMemory> {
	await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
	await collectAll("regular");
	const all = process.memoryUsage.rss();
	await collectAll("last-resort");
	const { rss: used, heapUsed: heap } = process.memoryUsage();
	return { used, heap, kept: Math.max(0, all - used) };
}

/** @param flavor `last-resort` returns free pages to the system, as the collection of an idle process does. */
async function collectAll(flavor: "regular" | "last-resort"): Promise<void> {
	for (let index = 0; index < COLLECTIONS; index += 1) {
		if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor });
		await new Promise((resolve) => setTimeout(resolve, RETURN_MS));
	}
}

export function mb(bytes: number): string {
	return `${(bytes / MB).toFixed(0)} MB`;
}

/** Returns a size as a ratio to an earlier one. */
export function ratioText(before: number, after: number): string {
	return `${(after / before).toFixed(2)} (${mb(before)} -> ${mb(after)})`;
}
