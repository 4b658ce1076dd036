/**
 * Loaded into the server before its program: SIGUSR2 collects all garbage, and writes the memory that is left into the file that `SOAK_MEMORY_FILE`
 * names. Under load, a moment later there is new garbage.
 */
import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
const file = process.env.SOAK_MEMORY_FILE ?? "";

/** Time in which finalizers release what the first collection has found, in milliseconds. */
const FINALIZERS_MS = 100;

function collectAll(): void {
	if (typeof collect === "function") collect();
}

process.on("SIGUSR2", () => {
	collectAll();
	setTimeout(() => {
		collectAll();
		writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
		renameSync(`${file}.part`, file);
	}, FINALIZERS_MS);
});
