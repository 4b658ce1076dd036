/**
 * `npm run soak:runs`: runs over three `spear worker` processes and a real Redis, on loopback. Every five seconds one worker is killed (SIGKILL), and
 * started again. Clients follow each run over two servers, cut their connections at random, and continue from the last id that they have.
 *
 * Fails if a run does not end exactly once with its answer, or if the output of an attempt has a gap or comes twice. Also fails if a takeover takes more
 * than ten seconds, or if runs stay in the store.
 *
 *     npm run soak:runs -- [--runs 10000] [--workers 3] [--places 32] [--clients 150] [--kill 5000] [--pause 8] [--seed 1]
 */
import "./require-node.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { NO_REDIS } from "../test/helpers/redis-server.ts";
import { soakFaults } from "./runs-soak/faults.ts";
import { soakRuns } from "./runs-soak/soak.ts";
import { quantile } from "./serve-bench/rounds.ts";

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "10000" },
		workers: { type: "string", default: "3" },
		places: { type: "string", default: "32" },
		clients: { type: "string", default: "150" },
		kill: { type: "string", default: "5000" },
		pause: { type: "string", default: "8" },
		seed: { type: "string", default: "1" },
	},
});
if (NO_REDIS !== undefined) throw new Error(NO_REDIS);
const [runs, workers, places, clients] = [Number(values.runs), Number(values.workers), Number(values.places), Number(values.clients)];
const work = mkdtempSync(join(tmpdir(), "soak-runs-"));
let reportedAt = Date.now();
try {
	const report = await soakRuns({
		program: fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)),
		...{ work, runs, workers, places, clients },
		killEveryMs: Number(values.kill),
		pauseMs: Number(values.pause),
		seed: Number(values.seed),
		onProgress(done, kills) {
			if (Date.now() < reportedAt + 5_000) return;
			reportedAt = Date.now();
			console.error(`soak: ${done} of ${runs} runs, ${kills} kills`);
		},
	});
	const { seen, seconds, kills, takeoverMs } = report;
	const connections = seen.reduce((sum, run) => sum + run.connections, 0);
	const durations = seen.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
	const takeovers = [...takeoverMs].sort((a, b) => a - b);
	const s = (sorted: readonly number[], share: number): string => (quantile(sorted, share) / 1_000).toFixed(2);
	console.log(
		`${seen.length} runs in ${seconds.toFixed(0)} s: ${(seen.length / seconds).toFixed(0)} a second; load of the machine ${loadavg()[0]?.toFixed(1)}`,
	);
	console.log(`${workers} workers with ${places} places; ${kills} kills; ${connections} connections of ${clients} clients`);
	console.log(`duration of a run: p50 ${s(durations, 0.5)} s, p99 ${s(durations, 0.99)} s, most ${s(durations, 1)} s`);
	console.log(
		`${takeovers.length} takeovers: p50 ${s(takeovers, 0.5)} s, p99 ${s(takeovers, 0.99)} s, most ${s(takeovers, 1)} s after the last event`,
	);
	const faults = soakFaults(report, runs);
	for (const fault of faults.slice(0, 20)) console.error(`fault: ${fault}`);
	console.log(faults.length === 0 ? "each run finished exactly once, without gap or repetition" : `${faults.length} faults`);
	if (faults.length > 0) process.exitCode = 1;
} finally {
	rmSync(work, { recursive: true, force: true });
}
