import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Returns the memory that is in use once all garbage is collected, in bytes. */
export function usedAfterGc(kind: "heapUsed" | "arrayBuffers"): number {
	collect();
	return process.memoryUsage()[kind];
}

/** Collects the garbage of the young generation alone. Objects that survive two such collections reach the old generation. */
export function collectYoung(): void {
	collect({ type: "minor" });
}

let gc: unknown;

function collect(options?: { readonly type: "minor" }): void {
	setFlagsFromString("--expose-gc");
	gc ??= runInNewContext("gc"); // Once: a context is large.
	if (typeof gc !== "function") throw new Error("the garbage collector is not exposed");
	gc(options);
}
