import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Returns the memory that is in use once all garbage is collected, in bytes. */
export function usedAfterGc(kind: "heapUsed" | "arrayBuffers" | "external"): number {
	collector()();
	return process.memoryUsage()[kind];
}

/**
 * Returns the memory of all objects, strings and buffers once all garbage is collected, in bytes. The resident memory of the process is no
 * measure of what is held: it has the garbage too, the more the busier the machine.
 */
export function heldBytes(): number {
	const gc = collector();
	gc();
	// Frees the buffers that the first collection finalized.
	gc();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** Returns a function that collects the garbage of the young generation alone. Objects that survive two calls reach the old generation. */
export function youngCollector(): () => void {
	const gc = collector();
	return () => gc({ type: "minor" });
}

function collector(): (...options: { readonly type: "minor" }[]) => void {
	setFlagsFromString("--expose-gc");
	const gc: unknown = runInNewContext("gc");
	if (typeof gc !== "function") throw new Error("the garbage collector is not exposed");
	return (...options) => gc(...options);
}
