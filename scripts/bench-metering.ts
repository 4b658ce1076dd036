/**
 * `npm run bench:metering`: measures the overhead of the metering of guests on five workloads of a QuickJS guest.
 *
 * Instances without metering, with checks in loops, and with full checks take turns in one process. Prints the time of each as a ratio to
 * the instance without metering: the quotient of the least times, and the median of the quotients within one round. Ratios compare; times
 * of a shared machine do not.
 *
 *     npm run bench:metering -- [--rounds 30] [--json]
 */
import "./require-node.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildGuest } from "../src/build/build-guest.ts";
import { type MeteredGuest, startGuest } from "./metering-bench/metered-guest.ts";
import { GUEST, WORKLOADS, type Workload } from "./metering-bench/workloads.ts";

const MODES = ["off", "loops", "full"] as const;
type Mode = (typeof MODES)[number];

const { values: options } = parseArgs({
	options: { rounds: { type: "string", default: "30" }, json: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);

interface Row {
	readonly workload: Workload;
	readonly mode: Mode;
	/** Least time of a run, in milliseconds. */
	readonly leastMs: number;
	/** Quotient of the least times. */
	readonly ratio: number;
	/** Median of the quotients within one round. */
	readonly medianRatio: number;
}

async function timeOf(guest: MeteredGuest, workload: Workload): Promise<number> {
	const started = performance.now();
	await guest.run(workload);
	return performance.now() - started;
}

async function measure(guests: ReadonlyMap<Mode, MeteredGuest>, workload: Workload): Promise<Row[]> {
	const times = new Map<Mode, number[]>(MODES.map((mode) => [mode, []]));
	for (let round = 0; round < rounds; round++) {
		// Each round starts with another mode, because the first run after another workload is slower.
		for (let turn = 0; turn < MODES.length; turn++) {
			const mode = MODES[(round + turn) % MODES.length];
			const guest = mode === undefined ? undefined : guests.get(mode);
			if (mode !== undefined && guest !== undefined) times.get(mode)?.push(await timeOf(guest, workload));
		}
	}
	const off = times.get("off") ?? [];
	return MODES.map((mode) => {
		const own = times.get(mode) ?? [];
		return {
			workload,
			mode,
			leastMs: Math.min(...own),
			ratio: Math.min(...own) / Math.min(...off),
			medianRatio: median(own.map((ms, round) => ms / (off[round] ?? Number.NaN))),
		};
	});
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const directory = mkdtempSync(join(tmpdir(), "spear-bench-"));
try {
	const entry = join(directory, "guest.ts");
	writeFileSync(entry, GUEST);
	const { component } = await buildGuest({ entry, out: join(directory, "guest.wasm"), world: "chat-agent" });
	const guests = new Map<Mode, MeteredGuest>();
	for (const mode of MODES) guests.set(mode, await startGuest(component, mode));
	// Warm up: V8 compiles hot functions a second time.
	for (const guest of guests.values()) for (const workload of WORKLOADS) for (let each = 0; each < 3; each++) await guest.run(workload);
	const rows: Row[] = [];
	for (const workload of WORKLOADS) rows.push(...(await measure(guests, workload)));
	if (options.json) console.log(JSON.stringify(rows, undefined, "\t"));
	else print(rows, guests);
} finally {
	rmSync(directory, { recursive: true, force: true });
}

function print(rows: readonly Row[], guests: ReadonlyMap<Mode, MeteredGuest>): void {
	for (const [mode, { bytes, meteringMs }] of guests)
		console.log(`${mode.padEnd(6)} core modules ×${(bytes.metered / bytes.original).toFixed(3)}, rewritten in ${meteringMs.toFixed(0)} ms`);
	console.log(`\n${"workload".padEnd(10)}${"mode".padEnd(8)}${"least ms".padStart(9)}${"ratio".padStart(8)}${"median".padStart(8)}`);
	for (const { workload, mode, leastMs, ratio, medianRatio } of rows) {
		const numbers = leastMs.toFixed(1).padStart(9) + ratio.toFixed(2).padStart(8) + medianRatio.toFixed(2).padStart(8);
		console.log(workload.padEnd(10) + mode.padEnd(8) + numbers);
	}
}
