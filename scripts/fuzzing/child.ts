/** Child process of `fuzz-components.ts`: `child.ts <seed> <from> <to> <folder> <lowering> core|components` runs cases, and sends each end to its parent. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createCoreFuzzer } from "../../test/helpers/fuzz/core-case.ts";
import { readSeeds } from "../../test/helpers/fuzz/corpus.ts";
import { createFuzzer } from "../../test/helpers/fuzz/fuzz-case.ts";
import { loadLowering } from "../../test/helpers/generated-lowering.ts";

const [seed, from, to, folder, lowering, kind] = process.argv.slice(2);
if (folder === undefined || lowering === undefined)
	throw new Error("usage: child.ts <seed> <from> <to> <folder> <lowering> core|components");
const seeds = await readSeeds(join(folder, "seeds.json"));
const fuzzer =
	kind === "core"
		? createCoreFuzzer(Number(seed), seeds)
		: createFuzzer({
				seed: Number(seed),
				folder: mkdtempSync(join(folder, "child-")),
				test: await loadLowering(lowering),
				seeds,
			});
let faults: string[] = [];
process.on("unhandledRejection", (cause) => faults.push(`an unhandled rejection: ${cause}`));
process.on("uncaughtException", (cause) => faults.push(`an uncaught exception: ${cause}`));
for (let number = Number(from); number < Number(to); number += 1) {
	const result = await fuzzer.run(number);
	// Rejections are reported when the event loop has a turn.
	await new Promise((resolve) => setImmediate(resolve));
	process.send?.({ ...result, number, ...(faults.length === 0 ? {} : { finding: faults.join("; ") }) });
	faults = [];
}
process.disconnect?.();
