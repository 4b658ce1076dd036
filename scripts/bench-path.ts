/**
 * `npm run bench:path`: the path below a guest, beside undici alone. A chat, a stream and embeddings in process (normalize, router, backend,
 * HTTP) and by undici with the options that the host uses, in turns in one run. The upstream is a process of its own.
 *
 * Prints requests a second, CPU time and the 99th percentile at each concurrency, and the ratio to undici. Read the ratios, not the
 * absolute figures of a shared machine. Streams are measured twice: `paced` sends each chunk in a packet of its own, `burst` all chunks at once.
 *
 *     npm run bench:path -- [--json] [--rounds 15] [--calls 1000] [chat|stream|embeddings …]
 */
import "./require-node.ts";
import { fork } from "node:child_process";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { createHost } from "../src/index.ts";
import { CHAT_CHUNKS, VECTORS } from "./path-bench/answers.ts";
import { type Act, type Comparison, compare } from "./path-bench/run.ts";

const { values, positionals } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		rounds: { type: "string", default: "15" },
		calls: { type: "string", default: "1000" },
	},
	allowPositionals: true,
});
const [rounds, calls] = [Number(values.rounds), Number(values.calls)];
const KEY = "sk-bench-0123456789";
const QUESTION = "Why is the sky blue?";
const INPUT = Array.from({ length: VECTORS }, (_, index) => `text ${index}`);
const MESSAGES = [{ role: "user" as const, content: [{ type: "text" as const, text: QUESTION }], tool_calls: [] }];

const upstream = fork(new URL("./path-bench/upstream.ts", import.meta.url), { execArgv: [] });
const port = await new Promise<number>((resolve) => upstream.once("message", (message) => resolve(Number(message))));
const origin = `http://127.0.0.1:${port}`;
const pool = new Pool(origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
const host = await createHost({
	env: { BENCH_KEY: KEY },
	config: {
		host: { log_level: "error" },
		backends: {
			burst: { kind: "openai-compatible", base_url: `${origin}/burst/v1`, api_key_env: "BENCH_KEY", models: ["m"] },
			paced: { kind: "openai-compatible", base_url: `${origin}/paced/v1`, api_key_env: "BENCH_KEY", models: ["paced"] },
		},
	},
});
const client = host.client();

const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };

function post(path: string, body: object): ReturnType<Pool["request"]> {
	return pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
}

const chat = { model: "m", messages: [{ role: "user", content: QUESTION }] };

/** Returns the two ways to read a stream to its end: undici reads its bytes alone. */
function streams(backend: "paced" | "burst"): [Act, Act] {
	const model = backend === "paced" ? "paced" : "m";
	return [
		async () => {
			const { body } = await post(`/${backend}/v1/chat/completions`, { ...chat, stream: true });
			for await (const _ of body);
		},
		async () => {
			for await (const _ of client.stream("chat_completions", { model, messages: MESSAGES, tools: [] }));
		},
	];
}

const CASES: Readonly<Record<string, { readonly ways: [Act, Act]; readonly calls: number; readonly concurrencies: readonly number[] }>> = {
	chat: {
		ways: [
			async () => (await post("/burst/v1/chat/completions", chat)).body.json(),
			() => client.call("chat_completions", { model: "m", messages: MESSAGES, tools: [] }),
		],
		calls,
		concurrencies: [1, 16, 64],
	},
	"stream, paced": { ways: streams("paced"), calls: calls / 4, concurrencies: [1, 16, 64] },
	"stream, burst": { ways: streams("burst"), calls: calls / 4, concurrencies: [1, 16, 64] },
	embeddings: {
		ways: [
			async () => (await post("/burst/v1/embeddings", { model: "m", input: INPUT })).body.json(),
			() => client.call("embeddings", { model: "m", input: INPUT }),
		],
		calls: calls / 10,
		concurrencies: [1, 16],
	},
};

const results: Record<string, Comparison[]> = {};
for (const [name, { ways, calls: count, concurrencies }] of Object.entries(CASES)) {
	if (positionals.length > 0 && !positionals.some((asked) => name.startsWith(asked))) continue;
	results[name] = [];
	for (const concurrency of concurrencies) results[name].push(await compare(ways, Math.ceil(count), concurrency, rounds));
}
await host.close();
await pool.destroy();
upstream.disconnect();

if (values.json) console.log(JSON.stringify({ load: loadavg()[0], results }));
else {
	console.log(`median of ${rounds} rounds, in turns; undici alone and the host. Load of the machine ${loadavg()[0]?.toFixed(1)}\n`);
	console.log("                 at once   requests a second   ratio   CPU ms a request   p99 ms (ratio)        chunks a second");
	for (const [name, rows] of Object.entries(results)) {
		for (const { concurrency, perSecond, cpuMs, p99Ms, ratio } of rows) {
			const two = ([a, b]: readonly [number, number], digits: number): string => `${a.toFixed(digits)} ${b.toFixed(digits)}`;
			const chunks = name.startsWith("stream") ? two([perSecond[0] * CHAT_CHUNKS.length, perSecond[1] * CHAT_CHUNKS.length], 0) : "";
			const p99 = `${two(p99Ms, 2)} (${(p99Ms[1] / p99Ms[0]).toFixed(2)})`;
			console.log(
				`${name.padEnd(17)}${String(concurrency).padStart(7)}   ${two(perSecond, 0).padStart(17)}   ${ratio.toFixed(2).padStart(5)}   ${two(cpuMs, 3).padStart(16)}   ${p99.padEnd(18)}   ${chunks}`,
			);
		}
	}
}
