/**
 * `npm run soak:serve`: bounded load on `spear serve` with three backends, on loopback. Half of the chats are streams. In the middle, one backend is
 * killed and one becomes slow; later both recover. At the end, SIGTERM comes under load. All are processes of their own.
 *
 * Fails if the router lost a request that it could have saved, or if an answer is not whole or another's. Also fails if memory, files or sockets
 * stay, or if the stop loses a request that the server had started. A stream whose backend was killed after the first output cannot be saved. Such
 * streams are counted apart.
 *
 *     npm run soak:serve -- [--clients 200] [--seconds 60] [--think 250] [--from dist|src]
 */
import "./require-node.ts";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { quantile } from "./serve-bench/rounds.ts";
import { faultsOf } from "./serve-soak/faults.ts";
import { growth, type MemorySample } from "./serve-soak/memory-samples.ts";
import type { Ended } from "./serve-soak/request.ts";
import { type Phase, soak } from "./serve-soak/run.ts";

const { values } = parseArgs({
	options: {
		clients: { type: "string", default: "200" },
		seconds: { type: "string", default: "60" },
		think: { type: "string", default: "250" },
		from: { type: "string", default: "dist" },
	},
});
const [clients, seconds, thinkMs] = [Number(values.clients), Number(values.seconds), Number(values.think)];
if (!(clients >= 4) || !(seconds >= 3) || !(thinkMs >= 0)) throw new Error("give at least 4 clients and 3 seconds");

/** Growth of the heap that is none, in megabytes a minute. */
const MAX_GROWTH = 5;

const MB = 2 ** 20;
const root = fileURLToPath(new URL("..", import.meta.url));
if (values.from === "dist") {
	const { status } = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: root, stdio: ["ignore", 2, 2] });
	if (status !== 0) process.exit(1);
}
const program = join(root, values.from === "dist" ? "dist/src/cli/main.js" : "src/cli/main.ts");
const work = mkdtempSync(join(tmpdir(), "soak-serve-"));
try {
	const report = await soak({ program, work, clients, seconds, thinkMs, onPhase: (phase) => console.error(`soak: ${phase}`) });
	console.log(`${clients} clients, ${seconds} s, ${values.from}; load of the machine ${loadavg()[0]?.toFixed(1)}\n`);
	console.log("phase       requests   whole  broken   lost   p50 ms (direct)   p99 ms (direct)   first output of streams p99");
	for (const phase of ["warm-up", "healthy", "disturbed", "recovered", "collection"] as const)
		row(phase, report.phases[phase].served, report.phases[phase].direct);
	const { served, direct } = report.phases.disturbed;
	row(
		"  at steady",
		served.filter(({ backend }) => backend === "steady"),
		direct,
	);
	const slopes = growth(report.memory);
	const each = (of: (sample: MemorySample) => number): string => report.memory.map((sample) => mb(of(sample))).join(", ");
	console.log(`\nmemory without garbage after each part: rss ${each(({ rss }) => rss)} MB; heap ${each(({ heap }) => heap)} MB;`);
	console.log(`a minute, since the first third: rss ${mb(slopes.rss)} MB, heap ${mb(slopes.heap)} MB`);
	console.log(`files and sockets: ${report.handles.before} before, ${report.handles.after} after`);
	const { ended, begun, exitCode } = report.stop;
	const whole = ended.filter(({ outcome }) => outcome.type === "whole").length;
	const refused = ended.filter(({ token, outcome }) => outcome.type !== "whole" && !begun.has(token)).length;
	console.log(
		`SIGTERM under load: ${whole} answers ended whole, ${refused} requests had not begun and were refused, exit code ${exitCode}`,
	);
	const faults = faultsOf(report);
	if (slopes.heap > MAX_GROWTH * MB) faults.push(`the heap grows by ${mb(slopes.heap)} MB a minute`);
	for (const fault of faults) console.error(fault);
	process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
	rmSync(work, { recursive: true, force: true });
}

function row(name: Phase | string, served: readonly Ended[], direct: readonly Ended[]): void {
	const count = (type: Ended["outcome"]["type"]): number => served.filter(({ outcome }) => outcome.type === type).length;
	const times = (list: readonly Ended[], part: number): string =>
		quantile(
			list.filter(({ outcome }) => outcome.type === "whole").map(({ ms }) => ms),
			part,
		).toFixed(1);
	const first = (list: readonly Ended[]): string =>
		quantile(
			list.filter(({ isStream, outcome }) => isStream && outcome.type === "whole").map(({ firstMs }) => firstMs),
			0.99,
		).toFixed(1);
	const two = (of: (list: readonly Ended[]) => string): string => `${of(served)} (${of(direct)})`;
	const lost = served.length - count("whole") - count("broken");
	console.log(
		`${name.padEnd(11)}${String(served.length).padStart(9)}${String(count("whole")).padStart(8)}${String(count("broken")).padStart(8)}${String(lost).padStart(7)}${two((list) => times(list, 0.5)).padStart(18)}${two((list) => times(list, 0.99)).padStart(18)}${two(first).padStart(22)}`,
	);
}

function mb(bytes: number): string {
	return (bytes / MB).toFixed(1);
}
