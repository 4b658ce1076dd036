/** A run that ends early if nothing has changed since the last clean one. */
import { type CodegenResult, isClean, NOTHING_WRITTEN } from "../run.ts";
import { isInterrupted } from "../write/write-tree.ts";
import { readStamp, type Stamp, type StampInput, stampKey, writeStamp } from "./stamp.ts";

/** @param cache directory of the stamp. Absent: `make` always runs, and no stamp is kept. */
export async function stampedRun(cache: string | undefined, input: StampInput, make: () => Promise<CodegenResult>): Promise<CodegenResult> {
	const key = cache === undefined || isInterrupted(input.outDir) ? undefined : stampKey(input);
	if (cache === undefined || key === undefined) return make();
	const stamp = readStamp(cache, key, input);
	if (stamp !== undefined)
		return { diagnostics: stamp.diagnostics, sources: new Map(stamp.sources), files: stamp.files, drift: [], written: NOTHING_WRITTEN };
	const result = await make();
	// A file that has changed during the run may have been read before that or after.
	if (isClean(result) && stampKey(input) === key) writeStamp(cache, key, input, stampOf(result));
	return result;
}

function stampOf({ diagnostics, sources, files }: CodegenResult): Stamp {
	const shownFiles = new Set(
		diagnostics.flatMap((each) => [each.span, ...(each.related ?? []).map(({ span }) => span)]).map(({ file }) => file),
	);
	return { diagnostics, sources: [...sources].filter(([file]) => shownFiles.has(file)), files };
}
