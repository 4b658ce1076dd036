/**
 * `npm run bench:serve`: a chat straight to an upstream by undici, through `spear serve`, and through a peer gateway, by turns in one run. Upstream
 * and gateways are processes of their own, with their default settings. `spear serve` checks a client's key and writes its access log, as for a user.
 *
 * Prints latencies, requests a second, CPU time of the gateway, ratios within the rounds, chunks of streams a second, memory, and the goals.
 * Read differences and ratios, not the absolute figures of a shared machine.
 *
 *     npm run bench:serve -- [--json] [--rounds 15] [--requests 800] [chat|stream …]
 *     npm run bench:serve -- --peer DIR        peer that is installed in DIR, in place of one from the registry of npm
 *     npm run bench:serve -- --no-peer
 *     npm run bench:serve -- --floor           an empty proxy too: Node's server and undici, the least that a gateway can cost
 *     npm run bench:serve -- --from src        the sources in place of the built package, which is built first otherwise
 *     npm run bench:serve -- --cpu-prof DIR    profile of `spear serve`, into DIR
 */
import "./require-node.ts";
import { fork, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mb } from "./guests-bench/process-memory.ts";
import { CHAT_CHUNKS } from "./path-bench/answers.ts";
import { direct, emptyProxy, type Pace, PEER, peer, spear, type Way } from "./serve-bench/gateways.ts";
import { inTurns, median, type Round } from "./serve-bench/rounds.ts";

const { values, positionals } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		rounds: { type: "string", default: "15" },
		requests: { type: "string", default: "800" },
		peer: { type: "string" },
		floor: { type: "boolean", default: false },
		"no-peer": { type: "boolean", default: false },
		from: { type: "string", default: "dist" },
		"cpu-prof": { type: "string" },
		"no-access-log": { type: "boolean", default: false },
		concurrency: { type: "string", default: "1,16,64" },
	},
	allowPositionals: true,
});
const [rounds, requests] = [Number(values.rounds), Number(values.requests)];
const concurrencies = values.concurrency.split(",").map(Number);

/** Goals: the latency that `spear serve` adds, in milliseconds, and its requests a second as a ratio to the peer's. */
const MAX_ADDED_MS = 0.35;
const MIN_RATIO = 2;

const root = fileURLToPath(new URL("..", import.meta.url));
if (values.from === "dist") {
	const { status } = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: root, stdio: ["ignore", 2, 2] });
	if (status !== 0) process.exit(1);
}
const program = join(root, values.from === "dist" ? "dist/src/cli/main.js" : "src/cli/main.ts");

const QUESTION = "Why is the sky blue?";
const work = mkdtempSync(join(tmpdir(), "bench-serve-"));
const upstream = fork(new URL("./path-bench/upstream.ts", import.meta.url), { execArgv: [] });
const ways: Way[] = [];

interface Figures {
	readonly way: string;
	readonly perSecond: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly cpuMs: number;
	/** Median over the rounds of the difference of the medians to undici's, within a round. */
	readonly addedMs: number;
	/** Median over the rounds of the ratio of requests a second to undici's, within a round. */
	readonly ratio: number;
	/** The same ratio of `spear serve` to this way. */
	readonly spearRatio: number;
}

interface Result {
	readonly name: string;
	readonly concurrency: number;
	readonly figures: readonly Figures[];
}

/** Returns what one request of a case does. */
function actOf(way: Way, pace: Pace, isStream: boolean): () => Promise<unknown> {
	const body = JSON.stringify({
		model: way.model(pace),
		messages: [{ role: "user", content: QUESTION }],
		...(isStream ? { stream: true } : {}),
	});
	return async () => {
		const answer = await way.pool.request({ method: "POST", path: way.path(pace), headers: way.headers(pace), body });
		if (answer.statusCode !== 200) throw new Error(`${way.name} answers ${answer.statusCode}: ${await answer.body.text()}`);
		if (!isStream) return answer.body.json();
		for await (const _ of answer.body);
	};
}

function figuresOf(able: readonly Way[], found: readonly Round[][]): Figures[] {
	const [first = [], second = []] = found;
	const over = (list: readonly Round[], of: (round: Round, index: number) => number): number => median(list.map(of));
	return found.map((list, at) => ({
		way: able[at]?.name ?? "",
		perSecond: over(list, ({ perSecond }) => perSecond),
		p50Ms: over(list, ({ p50Ms }) => p50Ms),
		p99Ms: over(list, ({ p99Ms }) => p99Ms),
		cpuMs: list.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / list.length,
		addedMs: over(list, ({ p50Ms }, index) => p50Ms - (first[index]?.p50Ms ?? Number.NaN)),
		ratio: over(list, ({ perSecond }, index) => perSecond / (first[index]?.perSecond ?? Number.NaN)),
		spearRatio: over(list, ({ perSecond }, index) => (second[index]?.perSecond ?? Number.NaN) / perSecond),
	}));
}

const results: Result[] = [];
let memory: { readonly way: string; readonly start: number; readonly rss: number; readonly peak: number }[] = [];
try {
	const port = await new Promise<number>((resolve) => upstream.once("message", (message) => resolve(Number(message))));
	const origin = `http://127.0.0.1:${port}`;
	const profile = values["cpu-prof"];
	const nodeArgs = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
	ways.push(direct(origin), await spear(origin, { program, nodeArgs, work, accessLog: !values["no-access-log"] }));
	if (values.floor) ways.push(await emptyProxy(origin, work));
	if (!values["no-peer"]) ways.push(await peer(origin, work, values.peer));
	const started = ways.map(({ server }) => server?.memory().rss ?? Number.NaN);
	const cases = [
		{ name: "chat", pace: "burst", isStream: false, count: requests },
		{ name: "stream, paced", pace: "paced", isStream: true, count: requests / 4 },
		{ name: "stream, burst", pace: "burst", isStream: true, count: requests / 4 },
	] as const;
	for (const { name, pace, isStream, count } of cases) {
		if (positionals.length > 0 && !positionals.some((asked) => name.startsWith(asked))) continue;
		const able: Way[] = [];
		for (const way of ways) {
			const fault = await actOf(way, pace, isStream)().then(() => undefined, String);
			if (fault === undefined) able.push(way);
			else if (way.server === undefined || way === ways[1]) throw new Error(fault);
			else console.error(`left out of "${name}": ${fault}`);
		}
		for (const concurrency of concurrencies) {
			const measured = able.map((way) => ({ act: actOf(way, pace, isStream), cpuMs: () => way.server?.cpuMs() ?? Number.NaN }));
			const found = await inTurns(measured, Math.ceil(count), concurrency, rounds);
			results.push({ name, concurrency, figures: figuresOf(able, found) });
		}
	}
	memory = ways.flatMap(({ name, server }, index) =>
		server === undefined ? [] : [{ way: name, start: started[index] ?? Number.NaN, ...server.memory() }],
	);
} finally {
	for (const { pool, server } of ways) {
		await pool.destroy();
		await server?.stop();
	}
	upstream.disconnect();
	rmSync(work, { recursive: true, force: true });
}

if (values.json) console.log(JSON.stringify({ load: loadavg()[0], results, memory }));
else print();

function print(): void {
	console.log(`median of ${rounds} rounds, by turns; ${values.from}; load of the machine ${loadavg()[0]?.toFixed(1)}\n`);
	const titles = ["at once", "requests/s", "to undici", "spear to it", "p50 ms", "added", "p99 ms", "CPU ms", "chunks/s"];
	const widths = [9, 12, 11, 13, 9, 9, 9, 9, 10];
	const line = (name: string, way: string, cells: readonly string[]): string =>
		name.padEnd(15) + way.padEnd(28) + cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join("");
	console.log(line("", "", titles));
	for (const { name, concurrency, figures } of results) {
		for (const { way, perSecond, p50Ms, p99Ms, cpuMs, addedMs, ratio, spearRatio } of figures) {
			const chunks = name.startsWith("stream") ? (perSecond * CHAT_CHUNKS.length).toFixed(0) : "";
			const cells = [perSecond.toFixed(0), ratio.toFixed(2), spearRatio.toFixed(2), p50Ms.toFixed(3), addedMs.toFixed(3), p99Ms.toFixed(2)];
			console.log(line(name, way, [String(concurrency), ...cells, Number.isNaN(cpuMs) ? "" : cpuMs.toFixed(3), chunks]));
		}
	}
	console.log("");
	for (const { way, start, rss, peak } of memory)
		console.log(`${way}: memory ${mb(start)} at the start, ${mb(rss)} at the end, ${mb(peak)} at most`);
	for (const { concurrency, figures } of results.filter((result) => result.name === "chat")) {
		const ours = figures[1];
		const theirs = figures.find(({ way }) => way === PEER);
		if (concurrency === 1) {
			if (ours !== undefined)
				goal("p50 of a chat above undici, one at once", ours.addedMs, `<= ${MAX_ADDED_MS} ms`, ours.addedMs <= MAX_ADDED_MS);
		} else if (theirs !== undefined)
			goal(`requests a second to the peer's, ${concurrency} at once`, theirs.spearRatio, `>= ${MIN_RATIO}`, theirs.spearRatio >= MIN_RATIO);
	}
}

function goal(name: string, figure: number, text: string, isMet: boolean): void {
	console.log(`${name.padEnd(58)} ${figure.toFixed(3).padStart(8)}   ${text}   ${isMet ? "met" : "missed"}`);
}
