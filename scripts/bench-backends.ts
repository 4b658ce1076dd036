/**
 * `npm run bench:backends`: measures the CPU time that each backend kind adds to a chat, to an embedding and to a chunk of a stream. Undici
 * alone, in turns in the same run, is the reference. The upstream runs in a worker whose time is not counted.
 *
 *     npm run bench:backends -- [--json] [kind …]
 */
import "./require-node.ts";
import process from "node:process";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Pool } from "undici";
import type { BackendContext } from "../generated/backends/backend.ts";
import type { RequestEnvelope } from "../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../generated/ir/operations.ts";
import { backendKinds } from "../generated/registry.ts";
import type { Backend } from "../src/backends/backend.ts";
import { CHUNKS, WIRES } from "./bench-backend-wires.ts";

const ROUNDS = 15;
const CALLS = 100;

/** CPU time of this thread for one call, in microseconds: undici alone, and the kind. */
interface Cost {
	readonly direct: number;
	readonly kind: number;
	readonly added: number;
}

const { values, positionals } = parseArgs({ options: { json: { type: "boolean", default: false } }, allowPositionals: true });
const kinds = backendKinds.filter(({ name }) => name in WIRES && (positionals.length === 0 || positionals.includes(name)));
const worker = new Worker(new URL("./bench-backend-upstream.ts", import.meta.url));
const port = await new Promise<number>((resolve) => worker.once("message", resolve));
const origin = `http://127.0.0.1:${port}`;
const pool = new Pool(origin, { connections: 1 });

const context: BackendContext = {
	signal: new AbortController().signal,
	requestId: "bench",
	apiKey: "sk-bench-0123456789",
	media: {
		open: () => Promise.reject(new Error("the benchmark has no media")),
		store: () => Promise.reject(new Error("the benchmark stores no media")),
	},
};

const MESSAGES: OperationMap["chat_completions"]["payload"]["messages"] = [
	{ role: "system", content: [{ type: "text", text: "Be brief." }], tool_calls: [] },
	{ role: "user", content: [{ type: "text", text: "Why is the sky blue?" }], tool_calls: [] },
];

function envelope<O extends Operation>(operation: O, payload: OperationMap[O]["payload"]): RequestEnvelope<O> {
	return {
		version: 1,
		request_id: "bench",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload,
		provider_options: {},
	} as RequestEnvelope<O>;
}

/** Returns the call by undici alone: the request as JSON, and the answer parsed, or read to its end. */
function direct(path: string, isStreamed: boolean): () => Promise<void> {
	const body = { model: "m", stream: isStreamed, messages: MESSAGES };
	return async () => {
		const headers = { "content-type": "application/json", authorization: `Bearer ${context.apiKey}` };
		const answer = await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
		if (isStreamed) for await (const _ of answer.body);
		else await answer.body.json();
	};
}

/** Returns the median CPU time of a call in turns, in microseconds. */
async function measure(calls: { readonly direct: () => Promise<void>; readonly kind: () => Promise<void> }): Promise<Cost> {
	const times = { direct: [] as number[], kind: [] as number[] };
	for (let round = -3; round < ROUNDS; round++) {
		for (const which of ["direct", "kind"] as const) {
			const before = process.threadCpuUsage();
			for (let call = 0; call < CALLS; call++) await calls[which]();
			const { user, system } = process.threadCpuUsage(before);
			if (round >= 0) times[which].push((user + system) / CALLS);
		}
	}
	const medians = { direct: median(times.direct), kind: median(times.kind) };
	const added = median(times.kind.map((time, round) => time - (times.direct[round] ?? 0)));
	return { ...medians, added };
}

function median(numbers: readonly number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function measureKind(backend: Backend, path: string, hasEmbeddings: boolean): Promise<Record<string, Cost>> {
	const { chat_completions: chat, embeddings } = backend.operations;
	if (chat === undefined) throw new Error("the kind serves no chat");
	const request = envelope("chat_completions", { messages: MESSAGES, tools: [] });
	const texts = envelope("embeddings", { input: ["Why is the sky blue?"] });
	const costs: Record<string, Cost> = {
		chat: await measure({ direct: direct(`${path}/chat`, false), kind: async () => void (await chat.unary(request, context)) }),
		stream: await measure({
			direct: direct(`${path}/chat`, true),
			kind: async () => {
				for await (const _ of chat.stream(request, context));
			},
		}),
	};
	if (hasEmbeddings && embeddings !== undefined)
		costs.embedding = await measure({
			direct: direct(`${path}/embeddings`, false),
			kind: async () => void (await embeddings.unary(texts, context)),
		});
	return costs;
}

const results: Record<string, Record<string, Cost>> = {};
for (const kind of kinds) {
	const wire = WIRES[kind.name];
	if (wire === undefined) continue;
	const path = `/${kind.name}`;
	const backend = kind.create({
		name: kind.name,
		kind: kind.name,
		base_url: `${origin}${path}${wire.basePath}`,
		models: ["m"],
		options: wire.options ?? {},
	});
	results[kind.name] = await measureKind(backend, path, wire.embeddings !== undefined);
	await backend.close();
}
await pool.close();
worker.postMessage("end");

if (values.json) console.log(JSON.stringify(results));
else {
	console.log("CPU time added to undici alone (chat and embedding in ms, chunk of a stream in µs), and the ratio to it");
	for (const [name, { chat, stream, embedding }] of Object.entries(results)) {
		const ms = (cost: Cost | undefined): string => (cost === undefined ? "-" : `${(cost.added / 1000).toFixed(3)} ms`).padStart(9);
		const chunk = stream === undefined ? "-" : `${(stream.added / CHUNKS).toFixed(1)} µs`;
		const ratio = ({ kind, direct: alone }: Cost): string => `${(kind / alone).toFixed(2)}x`;
		const ratios = [chat, stream, embedding].flatMap((cost) => (cost === undefined ? [] : ratio(cost))).join(" ");
		console.log(`${name.padEnd(18)} chat ${ms(chat)}  embedding ${ms(embedding)}  chunk ${chunk.padStart(8)}  ${ratios}`);
	}
}
