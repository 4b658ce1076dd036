/**
 * `npm run bench:metering`: measures the overhead of the metering of guests on five workloads of a QuickJS guest.
 *
 * Instances without metering, with checks in loops, and with full checks take turns in one process. Prints the CPU time of the thread for
 * each mode. The ratio to the instance without metering is the quotient of the means, and the median of the quotients within one round.
 *
 * Ratios compare; times of a shared machine do not. `--write` puts the table into `src/abi/README.md`, with the load of the machine.
 *
 *     npm run bench:metering -- [--rounds 30] [--json] [--write]
 */
import "./require-node.ts";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { METERING_MODES, type MeteringMode } from "../src/abi/metering/metering-mode.ts";
import { buildGuest } from "../src/build/build-guest.ts";
import { replacePart } from "./marked-part.ts";
import { type MeteredGuest, startGuest } from "./metering-bench/metered-guest.ts";
import { type MeteringRow, meteringPage } from "./metering-bench/metering-page.ts";
import { GUEST, WORKLOADS, type Workload } from "./metering-bench/workloads.ts";

const PAGE = resolve(import.meta.dirname, "../src/abi/README.md");
/** The mode without metering is first: the others are compared with it. */
const MODES = METERING_MODES.toReversed();

const { values: options } = parseArgs({
	options: {
		rounds: { type: "string", default: "30" },
		json: { type: "boolean", default: false },
		write: { type: "boolean", default: false },
	},
});
const rounds = Number(options.rounds);

async function timeOf(guest: MeteredGuest, workload: Workload): Promise<number> {
	const before = process.threadCpuUsage();
	await guest.run(workload);
	const { user, system } = process.threadCpuUsage(before);
	return (user + system) / 1000;
}

async function measure(guests: ReadonlyMap<MeteringMode, MeteredGuest>, workload: Workload): Promise<MeteringRow[]> {
	const times = new Map<MeteringMode, number[]>(MODES.map((mode) => [mode, []]));
	for (let round = 0; round < rounds; round++) {
		// Each round starts with another mode, because the first run after another workload is slower.
		for (let turn = 0; turn < MODES.length; turn++) {
			const mode = MODES[(round + turn) % MODES.length];
			const guest = mode === undefined ? undefined : guests.get(mode);
			if (mode !== undefined && guest !== undefined) times.get(mode)?.push(await timeOf(guest, workload));
		}
	}
	const off = times.get("off") ?? [];
	const offMean = mean(off);
	return MODES.map((mode) => {
		const own = times.get(mode) ?? [];
		return {
			workload,
			mode,
			meanMs: mean(own),
			ratio: mean(own) / offMean,
			medianRatio: median(own.map((ms, round) => ms / (off[round] ?? Number.NaN))),
		};
	});
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const directory = mkdtempSync(join(tmpdir(), "spear-bench-"));
try {
	const entry = join(directory, "guest.ts");
	writeFileSync(entry, GUEST);
	const { component } = await buildGuest({ entry, out: join(directory, "guest.wasm"), world: "chat-agent" });
	const guests = new Map<MeteringMode, MeteredGuest>();
	for (const mode of MODES) guests.set(mode, await startGuest(readFileSync(component), mode));
	// Warm up: V8 compiles hot functions a second time.
	for (const guest of guests.values()) for (const workload of WORKLOADS) for (let each = 0; each < 3; each++) await guest.run(workload);
	const rows: MeteringRow[] = [];
	for (const workload of WORKLOADS) rows.push(...(await measure(guests, workload)));
	if (options.json) console.log(JSON.stringify(rows, undefined, "\t"));
	else print(rows, guests);
	if (options.write) {
		const page = meteringPage(rows, guests, { rounds, load: loadavg()[0] ?? Number.NaN });
		const part = { name: "metering", command: "npm run bench:metering -- --write" };
		writeFileSync(PAGE, replacePart(readFileSync(PAGE, "utf8"), part, page));
	}
} finally {
	rmSync(directory, { recursive: true, force: true });
}

function print(rows: readonly MeteringRow[], guests: ReadonlyMap<MeteringMode, MeteredGuest>): void {
	for (const [mode, { bytes, meteringMs }] of guests)
		console.log(`${mode.padEnd(6)} core modules ×${(bytes.metered / bytes.original).toFixed(3)}, rewritten in ${meteringMs.toFixed(0)} ms`);
	console.log(`\n${"workload".padEnd(10)}${"mode".padEnd(8)}${"mean ms".padStart(9)}${"ratio".padStart(8)}${"median".padStart(8)}`);
	for (const { workload, mode, meanMs, ratio, medianRatio } of rows) {
		const numbers = meanMs.toFixed(1).padStart(9) + ratio.toFixed(2).padStart(8) + medianRatio.toFixed(2).padStart(8);
		console.log(workload.padEnd(10) + mode.padEnd(8) + numbers);
	}
}
