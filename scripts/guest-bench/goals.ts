import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Pool } from "undici";
import { buildGuest } from "../../src/build/build-guest.ts";
import { createHost } from "../../src/index.ts";
import { CHUNKS } from "../bench-backend-wires.ts";
import { VECTORS } from "../path-bench/answers.ts";

/** Streams that guests read at the same time. */
const CONCURRENCY = 16;

/** Rounds before the first that counts, in which V8 compiles what the calls use. */
const WARM_UP = 3;

const QUESTION = "Why is the sky blue?";

const GUEST = `
import * as cchat from "spear:ai/cchat@0.1.0";
import * as emb from "spear:ai/emb@0.1.0";

const request = (model) => ({ model, messages: [{ role: "user", content: [{ tag: "text", val: "${QUESTION}" }] }] });
const input = Array.from({ length: ${VECTORS} }, (_, index) => "text " + index);

const acts = {
	chat: () => cchat.complete(request("m"), null),
	stream(model) {
		const stream = cchat.completeStream(request(model), null);
		for (let event; event?.tag !== "completed"; ) {
			event = stream.next();
			if (event.tag === "failed") throw event;
		}
	},
	embeddings: () => emb.embed({ model: "m", input }, null),
};

export function run(input) {
	const [name, calls, model] = input.split(" ");
	for (let i = 0; i < calls; i++) acts[name](model);
	return "";
}
`;

/** The figures of a guest that the project has goals for. Times are medians over rounds, in milliseconds. */
export interface GoalFigures {
	readonly chat: { readonly undici: number; readonly fetch: number; readonly guest: number };
	readonly embeddings: { readonly undici: number; readonly guest: number };
	/** Chunks with text a second at concurrency 16: from an upstream that sends a chunk a packet, and from one that sends all at once. */
	readonly chunks: Readonly<Record<"paced" | "burst", { readonly undici: number; readonly guest: number }>>;
}

/**
 * Measures a guest beside undici and Node's `fetch`, in turns in one run. The upstream is a process of its own.
 *
 * @param work Directory for the guest and the cache of the host.
 */
export async function measureGoals(work: string, rounds: number, calls: number): Promise<GoalFigures> {
	const upstream = fork(new URL("../path-bench/upstream.ts", import.meta.url), { execArgv: [] });
	const port = await new Promise<number>((resolve) => upstream.once("message", (message) => resolve(Number(message))));
	const origin = `http://127.0.0.1:${port}`;
	const pool = new Pool(origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
	const host = await createHost({
		config: {
			host: { cache_dir: work, log_level: "error" },
			backends: {
				burst: { kind: "openai-compatible", base_url: `${origin}/burst/v1`, models: ["m"] },
				paced: { kind: "openai-compatible", base_url: `${origin}/paced/v1`, models: ["paced"] },
			},
		},
	});
	try {
		writeFileSync(join(work, "goals.ts"), GUEST);
		const { prepared } = await buildGuest({ entry: join(work, "goals.ts"), out: join(work, "goals.wasm") });
		const agent = await host.load(prepared);
		const guests = await Promise.all(Array.from({ length: CONCURRENCY }, () => agent.instantiate()));
		const [guest] = guests;
		if (guest === undefined) throw new Error("no guest was instantiated");

		const headers = { "content-type": "application/json" };
		const chat = { model: "m", messages: [{ role: "user", content: QUESTION }] };
		const post = (path: string, body: object): ReturnType<Pool["request"]> =>
			pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
		const fetched = (body: object): Promise<Response> =>
			fetch(`${origin}/burst/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
		const texts = Array.from({ length: VECTORS }, (_, index) => `text ${index}`);

		const [undiciMs, fetchMs, guestMs] = await inTurns(rounds, calls, [
			() => repeat(calls, async () => (await post("/burst/v1/chat/completions", chat)).body.json()),
			() => repeat(calls, async () => (await fetched(chat)).json()),
			() => guest.run(`chat ${calls}`),
		]);
		const few = Math.max(1, Math.ceil(calls / 10));
		const [undiciVectors, guestVectors] = await inTurns(rounds, few, [
			() => repeat(few, async () => (await post("/burst/v1/embeddings", { model: "m", input: texts })).body.json()),
			() => guest.run(`embeddings ${few}`),
		]);
		const chunksOf = async (model: "paced" | "burst"): Promise<{ readonly undici: number; readonly guest: number }> => {
			const read = async (): Promise<void> => {
				const { body } = await post(`/${model}/v1/chat/completions`, { ...chat, stream: true });
				for await (const _ of body);
			};
			const [byUndici, byGuests] = await inTurns(rounds, few * CONCURRENCY, [
				() => Promise.all(guests.map(() => repeat(few, read))),
				() => Promise.all(guests.map((each) => each.run(`stream ${few} ${model === "paced" ? "paced" : "m"}`))),
			]);
			return { undici: (CHUNKS * 1_000) / byUndici, guest: (CHUNKS * 1_000) / byGuests };
		};
		const chunks = { paced: await chunksOf("paced"), burst: await chunksOf("burst") };
		for (const each of guests) await each.close();
		return {
			chat: { undici: undiciMs, fetch: fetchMs, guest: guestMs },
			embeddings: { undici: undiciVectors, guest: guestVectors },
			chunks,
		};
	} finally {
		await host.close();
		await pool.destroy();
		upstream.disconnect();
	}
}

async function repeat(count: number, act: () => Promise<unknown>): Promise<void> {
	for (let i = 0; i < count; i++) await act();
}

/** Returns the median time of a call for each act, in milliseconds. An act makes `per` calls. */
async function inTurns<const A extends readonly (() => Promise<unknown>)[]>(
	rounds: number,
	per: number,
	acts: A,
): Promise<{ readonly [K in keyof A]: number }> {
	const times: number[][] = acts.map(() => []);
	for (let round = -WARM_UP; round < rounds; round++) {
		for (const [index, act] of acts.entries()) {
			const began = performance.now();
			await act();
			if (round >= 0) times[index]?.push((performance.now() - began) / per);
		}
	}
	return mapped(acts, (index) => median(times[index] ?? []));
}

function mapped<A extends readonly unknown[]>(list: A, value: (index: number) => number): { readonly [K in keyof A]: number };
function mapped(list: readonly unknown[], value: (index: number) => number): readonly number[] {
	return list.map((_, index) => value(index));
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Returns the lines that show the figures beside their goals. */
export function goalLines({ chat, embeddings, chunks }: GoalFigures): string[] {
	const line = (name: string, figure: string, goal: string): string => `${name.padEnd(58)} ${figure.padStart(8)}   ${goal}`;
	const perSecond = (name: string, { undici, guest }: { readonly undici: number; readonly guest: number }): string =>
		line(`streamed chunks a second, 16 guests, ${name} (undici ${undici.toFixed(0)})`, guest.toFixed(0), ">= 40000");
	return [
		line(`a chat: undici ${chat.undici.toFixed(3)} ms, fetch ${chat.fetch.toFixed(3)} ms, guest`, chat.guest.toFixed(3), "ms"),
		line("a guest's chat above undici", (chat.guest - chat.undici).toFixed(3), "<= 0.16 ms"),
		line("a guest's chat above fetch", (chat.guest - chat.fetch).toFixed(3), "<= 0 ms"),
		perSecond("a packet each", chunks.paced),
		perSecond("all at once", chunks.burst),
		line(`embeddings of ${VECTORS} vectors: ratio to undici`, (embeddings.guest / embeddings.undici).toFixed(2), "<= 2"),
	];
}
