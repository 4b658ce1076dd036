/**
 * `npm run bench`: the cost of a hostcall on top of its HTTP request.
 *
 * For each family, in one run and in turns: a QuickJS guest makes a call, through hostcall, normalize, router and backend; and undici sends
 * the same bytes. The upstream is a worker that answers at once, so that the difference is overhead.
 * Figures are medians over rounds; read the ratio and the difference, not the absolute times of a shared machine.
 *
 * Then the figures that the project has goals for, beside undici and Node's `fetch`: a chat, streams of 16 guests at once, and embeddings.
 *
 *     npm run bench -- [rounds] [calls per round] [goals]
 */
import "./require-node.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { Pool } from "undici";
import { buildGuest } from "../src/build/build-guest.ts";
import { type AgentInstance, createHost } from "../src/index.ts";
import { type BenchFamily, FAMILIES, RECORDING } from "./bench-families.ts";
import { goalLines, measureGoals } from "./guest-bench/goals.ts";

const [asked = "7", askedCalls = "200", only] = process.argv.slice(2);
const [rounds, calls] = [Number(asked), Number(askedCalls)];

const GUEST = `
import * as asr from "spear:ai/asr@0.1.0";
import * as cchat from "spear:ai/cchat@0.1.0";
import * as emb from "spear:ai/emb@0.1.0";
import * as img from "spear:ai/img@0.1.0";
import * as tts from "spear:ai/tts@0.1.0";

const RECORDING = Uint8Array.from(atob("${RECORDING.toString("base64")}"), (char) => char.charCodeAt(0));
const families = {
${FAMILIES.map(({ name, guest }) => `\t${name}: () => ${guest},`).join("\n")}
};

export function run(input) {
	const [family, calls] = input.split(" ");
	try {
		for (let i = 0; i < calls; i++) families[family]();
	} catch (thrown) {
		throw { tag: "failed", val: JSON.stringify(thrown.payload ?? String(thrown)) };
	}
	return "";
}
`;

interface Row {
	readonly name: string;
	/** Microseconds a call. */
	readonly direct: number;
	readonly guest: number;
}

async function direct(pool: Pool, { direct: request }: BenchFamily): Promise<void> {
	for (let i = 0; i < calls; i++) {
		const { body } = await pool.request({ method: "POST", path: request.path, headers: { ...request.headers }, body: request.body });
		if (request.parse) await body.json();
		else await body.bytes();
	}
}

async function microseconds(act: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await act();
	return ((performance.now() - started) * 1000) / calls;
}

async function measure(family: BenchFamily, pool: Pool, instance: AgentInstance): Promise<Row> {
	const times: { direct: number[]; guest: number[] } = { direct: [], guest: [] };
	for (let round = 0; round <= rounds; round++) {
		const [byUndici, byGuest] = [
			await microseconds(() => direct(pool, family)),
			await microseconds(() => instance.run(`${family.name} ${calls}`)),
		];
		if (round === 0) continue; // Warm-up.
		times.direct.push(byUndici);
		times.guest.push(byGuest);
	}
	return { name: family.name, direct: median(times.direct), guest: median(times.guest) };
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Prints the cost of a call of each family. */
async function printFamilies(work: string): Promise<void> {
	const upstream = new Worker(new URL("./bench-upstream.ts", import.meta.url));
	const port = await new Promise<number>((resolve) => upstream.once("message", resolve));
	const pool = new Pool(`http://127.0.0.1:${port}`);
	const host = await createHost({
		config: {
			host: { cache_dir: work, log_level: "error" },
			media: { quota_bytes: 2 ** 40 },
			backends: { up: { kind: "openai-compatible", base_url: `http://127.0.0.1:${port}/v1`, models: ["m"] } },
		},
	});
	try {
		writeFileSync(join(work, "bench.ts"), GUEST);
		const { prepared } = await buildGuest({ entry: join(work, "bench.ts"), out: join(work, "bench.wasm") });
		const instance = await (await host.load(prepared)).instantiate();
		console.log("family   undici alone   from a guest   overhead   ratio");
		for (const family of FAMILIES) {
			const { name, direct: alone, guest } = await measure(family, pool, instance);
			const figures = [
				alone.toFixed(0).padStart(12),
				guest.toFixed(0).padStart(14),
				(guest - alone).toFixed(0).padStart(10),
				(guest / alone).toFixed(2).padStart(7),
			];
			console.log(`${name.padEnd(8)} ${figures.join(" ")}`);
		}
		await instance.close();
	} finally {
		await host.close();
		await pool.close();
		upstream.postMessage("stop");
	}
}

const work = mkdtempSync(join(tmpdir(), "spear-bench-"));
try {
	console.log(`median of ${rounds} rounds of ${calls} calls, in turns; microseconds a call\n`);
	if (only !== "goals") await printFamilies(work);
	console.log(`\n${goalLines(await measureGoals(work, rounds, calls)).join("\n")}`);
} finally {
	rmSync(work, { recursive: true, force: true });
}
