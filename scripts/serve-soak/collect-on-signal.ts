/** Loaded into the server before its program: SIGUSR2 collects all garbage, so that its memory holds only what is kept. */
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

process.on("SIGUSR2", () => {
	// Finalizers release what the first collection has found.
	for (let turn = 0; turn < 2; turn++) setTimeout(() => typeof collect === "function" && collect(), turn * 100);
});
