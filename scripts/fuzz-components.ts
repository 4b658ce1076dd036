/**
 * Mutates components and prepared agents, loads them and runs them within limits: each must be refused or run.
 *
 *     npm run fuzz:components -- --count 100000 --seed 1
 *     npm run fuzz:components -- --seed 1 --only 4711     one case, with its end
 *     npm run fuzz:components -- --core --count 100000    core modules instead, with hostcalls of the fuzzer
 *
 * Cases run in child processes that may write to a scratch folder only. Findings are a child that crashes or hangs, an exception other than
 * a SpearError, and more than a second of CPU time. Memory over the guest's limit by more than 16 MB is one too. Prints the findings and a
 * summary of the ends. Exits 1 after a finding.
 */
import "./require-node.ts";
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { coreCorpus } from "../test/helpers/fuzz/core-case.ts";
import { corpus, writeSeeds } from "../test/helpers/fuzz/corpus.ts";
import { writeLowering } from "../test/helpers/generated-lowering.ts";
import { HOSTILE_WIT } from "../test/helpers/hostile-guest.ts";

/** Cases of one child process. A child that leaks would show in its memory. */
const BATCH = 2_000;
/** Longest time without a finished case, in milliseconds. */
const SILENCE_MS = 60_000;

interface Report {
	readonly number: number;
	readonly subject: string;
	readonly end: string;
	readonly finding?: string;
	readonly cpuMs: number;
}

const { values } = parseArgs({
	options: {
		count: { type: "string", default: "10000" },
		seed: { type: "string", default: "1" },
		only: { type: "string" },
		core: { type: "boolean", default: false },
	},
});
const seed = Number(values.seed);
const first = values.only === undefined ? 0 : Number(values.only);
const end = values.only === undefined ? Number(values.count) : first + 1;
const folder = mkdtempSync(join(tmpdir(), "spear-fuzz-"));
const lowering = await writeLowering(HOSTILE_WIT);
for (const directory of [folder, lowering.directory]) process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
await writeSeeds(join(folder, "seeds.json"), values.core ? await coreCorpus() : await corpus());

/** Number of cases and first case, by kind of mutation and end. */
const ends = new Map<string, { count: number; readonly first: number }>();
const findings: string[] = [];
let slowest = 0;
let done = 0;
let next = first;
while (next < end) next = await runBatch(next, Math.min(end, next + BATCH));

const sorted = [...ends].sort(([, a], [, b]) => b.count - a.count);
for (const [name, { count, first: example }] of sorted) console.log(`${String(count).padStart(8)}  ${name} (first: case ${example})`);
console.log(`${done} cases of seed ${seed}, ${findings.length} findings, slowest case ${slowest.toFixed(0)} ms of CPU time`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** Runs cases in a child. Returns the number of the next case: a child that dies loses the case it was in. */
async function runBatch(from: number, to: number): Promise<number> {
	let at = from;
	const args = [String(seed), String(from), String(to), folder, lowering.directory, values.core ? "core" : "components"];
	const child = fork(new URL("./fuzzing/child.ts", import.meta.url), args, {
		execArgv: [
			"--expose-gc",
			"--permission",
			"--allow-fs-read=*",
			`--allow-fs-write=${folder}`,
			"--disable-warning=ExperimentalWarning",
			"--disable-warning=SecurityWarning",
		],
		stdio: ["ignore", "inherit", "inherit", "ipc"],
	});
	let watchdog = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
	child.on("message", (message: Report) => {
		clearTimeout(watchdog);
		watchdog = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
		at = message.number + 1;
		record(message);
	});
	const { promise, resolve } = Promise.withResolvers<string>();
	child.on("exit", (code, signal) => resolve(code === 0 ? "" : `the process ended with ${signal ?? code}`));
	const death = await promise;
	clearTimeout(watchdog);
	if (death === "") return to;
	find(at, "unknown", death);
	return at + 1;
}

function record({ number, subject, end: how, finding, cpuMs }: Report): void {
	done += 1;
	slowest = Math.max(slowest, cpuMs);
	const key = `${subject.replace(/ of .*/, "")}: ${how}`;
	const known = ends.get(key);
	if (known === undefined) ends.set(key, { count: 1, first: number });
	else known.count += 1;
	if (values.only !== undefined) console.log(`case ${number}, ${subject}: ${how}, ${cpuMs.toFixed(1)} ms`);
	if (finding !== undefined) find(number, subject, finding);
	if (done % 1_000 === 0) console.log(`${done} of ${end - first}, ${findings.length} findings`);
}

function find(number: number, subject: string, finding: string): void {
	findings.push(finding);
	console.log(`FINDING: case ${number} of seed ${seed}, ${subject}: ${finding}`);
}
