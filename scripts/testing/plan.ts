import { readdirSync } from "node:fs";

/** Files that share a process, in the order they run. */
export type Batch = readonly string[];

/** Files whose process is their own: these take long, and end soonest when each starts as soon as a processor is free. */
const ALONE = /^test\/(?:build|cli|e2e|guest|abi)\/|host-e2e|^test\/codegen\/(?:cli|scaffold)|^test\/scripts|^test\/readme/;

/** Files in one process at most. */
const BATCH_SIZE = 24;

/** Finds the test files whose path contains one of the words, or all of them without words. */
export function findTests(words: readonly string[]): string[] {
	return readdirSync("test", { recursive: true, encoding: "utf8" })
		.map((path) => `test/${path.replaceAll("\\", "/")}`)
		.filter((path) => path.endsWith(".test.ts"))
		.filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
		.sort();
}

/** Groups files: each of `ALONE` by itself and first, then the others of a folder of `test/` together. */
export function planBatches(files: readonly string[]): Batch[] {
	const alone = files.filter((file) => ALONE.test(file)).map((file) => [file]);
	const folders = Map.groupBy(
		files.filter((file) => !ALONE.test(file)),
		(file) => file.split("/", 2).join("/"),
	);
	const shared = [...folders.values()].flatMap((all) => {
		const count = Math.ceil(all.length / BATCH_SIZE);
		const size = Math.ceil(all.length / count);
		return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
	});
	return [...alone, ...shared];
}
