import { stripVTControlCharacters } from "node:util";
import { failuresInShort } from "./failures-in-short.ts";

/** Result of one test file. */
export interface Outcome {
	readonly file: string;
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	readonly seconds: number;
	readonly output: string;
	/** Reason why the file failed although no single test did. */
	readonly fault?: string;
}

/** Output and end of a file. */
export interface Ended {
	readonly file: string;
	readonly output: string;
	readonly seconds: number;
	/** `hung`, or `exit` with the exit code or signal. Absent when it ended well. */
	readonly end?: string | undefined;
}

/** Counts a file's tests by what uvu printed last. */
export function judge({ file, output, seconds, end }: Ended): Outcome {
	const plain = stripVTControlCharacters(output);
	const count = (label: string): number | undefined => {
		const found = new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, "m").exec(plain);
		return found?.[1] === undefined ? undefined : Number(found[1]);
	};
	const total = count("Total");
	const passed = count("Passed") ?? 0;
	const skipped = count("Skipped") ?? 0;
	const failed = Math.max(0, (total ?? 0) - passed);
	const hasNone = total === 0 && skipped === 0;
	const fault = total === undefined ? (end ?? "printed no result") : hasNone ? "ran no test" : failed === 0 ? end : undefined;
	return {
		file,
		passed,
		failed: fault === undefined ? failed : failed + 1,
		skipped,
		seconds,
		output,
		...(fault === undefined ? {} : { fault }),
	};
}

/** Prints a file's line, and its output when it failed. */
export function report(outcome: Outcome): void {
	const { file, passed, failed, skipped, seconds, fault, output } = outcome;
	const counts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
	console.log(
		`${failed > 0 ? "✗" : "✓"} ${file}  ${counts.join(", ")}  ${seconds.toFixed(1)} s${fault === undefined ? "" : `  (${fault})`}`,
	);
	if (failed > 0) console.log(output.replace(/^/gm, "    "));
	else for (const line of output.split("\n").filter((text) => text.startsWith("SKIP"))) console.log(`    ${line}`);
}

/** Prints the slowest files, if there are more than these, what failed in short, and the counts of all. Returns whether nothing failed. */
export function summarize(outcomes: readonly Outcome[], slowest = 10): boolean {
	if (outcomes.length > slowest) {
		console.log(`\nslowest ${slowest} of ${outcomes.length} files:`);
		for (const { seconds, file } of outcomes.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowest))
			console.log(`  ${seconds.toFixed(1).padStart(5)} s  ${file}`);
	}
	const failedFiles = outcomes.filter(({ failed }) => failed > 0);
	if (failedFiles.length > 0) console.log(`\nfailed files:\n${failedFiles.map(failuresInShort).join("\n")}`);
	const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
	const [passed, failed, skipped] = [sum((o) => o.passed), sum((o) => o.failed), sum((o) => o.skipped)];
	console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
	return failed === 0;
}
