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
import { lowerQuartile } from "./lower-quartile.ts";

const ROUNDS = 15;
/** Rounds before the first that counts, in which V8 compiles what the calls use. */
const WARM_UP = 8;
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

/** A call to measure, by undici alone and by the kind. */
interface Case {
	readonly kind: string;
	readonly call: "chat" | "stream" | "embedding";
	readonly run: { readonly direct: () => Promise<void>; readonly kind: () => Promise<void> };
	readonly times: { readonly direct: number[]; readonly kind: number[] };
}

/** Returns the calls of a kind. */
function casesOf(backend: Backend, kind: string, hasEmbeddings: boolean): Case[] {
	const { chat_completions: chat, embeddings } = backend.operations;
	if (chat === undefined) throw new Error("the kind serves no chat");
	const path = `/${kind}`;
	const request = envelope("chat_completions", { messages: MESSAGES, tools: [] });
	const texts = envelope("embeddings", { input: ["Why is the sky blue?"] });
	const caseOf = (call: Case["call"], alone: () => Promise<void>, byKind: () => Promise<void>): Case => {
		return { kind, call, run: { direct: alone, kind: byKind }, times: { direct: [], kind: [] } };
	};
	const cases = [
		caseOf("chat", direct(`${path}/chat`, false), async () => void (await chat.unary(request, context))),
		caseOf("stream", direct(`${path}/chat`, true), async () => {
			for await (const _ of chat.stream(request, context));
		}),
	];
	if (hasEmbeddings && embeddings !== undefined)
		cases.push(caseOf("embedding", direct(`${path}/embeddings`, false), async () => void (await embeddings.unary(texts, context))));
	return cases;
}

/** Measures every case once in each round, so that all cases have the same share of the noise of the machine. */
async function measure(cases: readonly Case[]): Promise<void> {
	for (let round = -WARM_UP; round < ROUNDS; round++) {
		for (const { run, times } of cases) {
			for (const which of ["direct", "kind"] as const) {
				const before = process.threadCpuUsage();
				for (let call = 0; call < CALLS; call++) await run[which]();
				const { user, system } = process.threadCpuUsage(before);
				if (round >= 0) times[which].push((user + system) / CALLS);
			}
		}
	}
}

function costOf({ times }: Case): Cost {
	const cost = { direct: lowerQuartile(times.direct), kind: lowerQuartile(times.kind) };
	return { ...cost, added: cost.kind - cost.direct };
}

const opened: { readonly backend: Backend; readonly cases: Case[] }[] = [];
for (const kind of kinds) {
	const wire = WIRES[kind.name];
	if (wire === undefined) continue;
	const backend = kind.create({
		name: kind.name,
		kind: kind.name,
		base_url: `${origin}/${kind.name}${wire.basePath}`,
		models: ["m"],
		options: wire.options ?? {},
	});
	opened.push({ backend, cases: casesOf(backend, kind.name, wire.embeddings !== undefined) });
}
await measure(opened.flatMap(({ cases }) => cases));
const results: Record<string, Record<string, Cost>> = {};
for (const { backend, cases } of opened) {
	const [first] = cases;
	if (first !== undefined) results[first.kind] = Object.fromEntries(cases.map((one) => [one.call, costOf(one)]));
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
