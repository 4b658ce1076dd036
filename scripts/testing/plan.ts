import { readdirSync } from "node:fs";

/** Files that share a process, in the order they run. */
export type Batch = readonly string[];

/** Files that get a process of their own, the longest first. */
const ALONE: readonly RegExp[] = [
	// Builds the guest for StarlingMonkey that others wait for.
	/\/host-e2e\./,
	// Take several seconds each.
	/\/new-(?:family|field)\./,
	/\/build-guest\./,
	/^test\/codegen\/cli\./,
	/^test\/cli\/(?:spear|output-and-input|explain)\./,
	/^test\/readme\./,
	/\/simulate-router\./,
	/\/oracle\./,
	/^test\/codegen\/scaffold\./,
	// Drives a browser.
	/^test\/serve\/page\/browser\//,
	/^test\/scripts\/docs-site\/browser\//,
	// Runs a server and its upstreams under load.
	/^test\/serve\/soak\./,
	// Starts dozens of processes.
	/\/mcp-server\./,
	// Runs npm and pip.
	/\/pull-model\./,
	/^test\/cli\/models\/models\./,
	// Loads a native engine and its model.
	/\/real-model\./,
	// Measure the memory of a process.
	/\/large-media\./,
	/^test\/e2e\/rt\./,
	// Load many components.
	/^test\/abi\/component\/(?:load|instance|old-guests)\./,
];

/** Files that only a full run has: each takes more time than most folders, and what it covers changes rarely. */
const SLOW: readonly RegExp[] = [
	// Generates and compiles the whole project twice.
	/\/new-family\./,
	// Compiles the whole project with one more field.
	/\/new-field\./,
	// Follow the guide of the generator, which installs, compiles, builds and runs what it shows.
	/^test\/codegen\/general\/guide\./,
	// Build the same guests in many folders, or with many positions of errors.
	/^test\/build\/(?:reproducible|source-map)\./,
	// Builds many guests anew.
	/\/build-guest\./,
	// Waits for the takeover of killed workers.
	/^test\/serve\/runs\/soak\./,
	// A native model.
	/\/real-model\./,
	// `npm run simulate -- --check` runs the same simulation.
	/\/simulate-router\./,
	// Compiles the code of the README with its types.
	/^test\/readme\./,
	// Passes gigabytes through the host.
	/\/large-media\./,
	// The official parser reads a corpus of WIT.
	/\/oracle\./,
	// Compiles scaffolds of the whole project.
	/^test\/codegen\/scaffold\./,
	// Judge hundreds of edits by the official validator.
	/^test\/codegen\/breaking\/(?:matrix|program-edits)\./,
	// Generate bindings for public packages, compile them, and build guests.
	/^test\/codegen\/general\/public-/,
];

/** Returns true for a file that only a full run has. */
export function isSlow(file: string): boolean {
	return SLOW.some((pattern) => pattern.test(file));
}

/** Files in one process at most, by folder. The default is 24. */
const BATCH_SIZES: Readonly<Record<string, number>> = { "test/e2e": 6 };
const BATCH_SIZE = 24;

/** Finds the test files whose path contains one of the words, or all of them without words. */
export function findTests(words: readonly string[]): string[] {
	return readdirSync("test", { recursive: true, encoding: "utf8" })
		.map((path) => `test/${path.replaceAll("\\", "/")}`)
		.filter((path) => path.endsWith(".test.ts"))
		.filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
		.sort();
}

/** Groups files. Files of `ALONE` come first, each by itself. The other files of a folder of `test/` share processes. */
export function planBatches(files: readonly string[]): Batch[] {
	const rank = (file: string): number => ALONE.findIndex((pattern) => pattern.test(file));
	const alone = files.filter((file) => rank(file) !== -1).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
	const folders = Map.groupBy(
		files.filter((file) => rank(file) === -1),
		(file) => file.split("/", 2).join("/"),
	);
	const sizeOf = (folder: string): number => BATCH_SIZES[folder] ?? BATCH_SIZE;
	const shared = [...folders].sort(([a], [b]) => sizeOf(a) - sizeOf(b)).flatMap(([folder, all]) => splitEvenly(all, sizeOf(folder)));
	return [...alone.map((file) => [file]), ...shared];
}

function splitEvenly(files: readonly string[], largest: number): Batch[] {
	const size = Math.ceil(files.length / Math.ceil(files.length / largest));
	return Array.from({ length: Math.ceil(files.length / size) }, (_, index) => files.slice(index * size, (index + 1) * size));
}
