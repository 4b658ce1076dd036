import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Returns the memory that is in use once all garbage is collected, in bytes. */
export function usedAfterGc(kind: "heapUsed" | "arrayBuffers"): number {
	setFlagsFromString("--expose-gc");
	const gc: unknown = runInNewContext("gc");
	if (typeof gc !== "function") throw new Error("the garbage collector is not exposed");
	gc();
	return process.memoryUsage()[kind];
}
