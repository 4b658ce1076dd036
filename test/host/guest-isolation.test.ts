/** Whatever one guest sends, and whatever an upstream answers to that guest, the requests of another guest succeed. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type HostClient, SpearError } from "../../src/index.ts";
import { type MarkedAnswer, MarkedUpstream, markOf } from "../helpers/marked-upstream.ts";

/** Bodies of errors and answers that upstreams send, and bodies that none should send. */
const bodies = fc.oneof(
	fc.string(),
	fc.json(),
	fc.constantFrom(
		"",
		"[DONE]",
		"data: {\n\ndata: [DONE]\n\n",
		'event: error\ndata: {"message":"no"}\n\n',
		'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":""}]}}]}\n\ndata: [DONE]\n\n',
		'{"error":{"code":403,"message":"flagged","metadata":{"reasons":["x"],"flagged_input":"y"}}}',
		'{"error":{"code":"invalid_api_key","type":"invalid_request_error","message":"wrong key"}}',
		'{"error":{"code":"insufficient_quota","type":"insufficient_quota","message":"no quota"}}',
		'{"error":{"code":500,"type":"server_error","message":"Failed to parse tool call arguments as JSON: x"}}',
		'{"data":[{"index":0,"embedding":[1,2,3]}]}',
		'{"id":"c","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"","function":{"name":"f"}}]},"finish_reason":"stop"}]}',
	),
);

const headers = fc.record(
	{
		"content-type": fc.constantFrom("application/json", "text/event-stream", "text/html", "audio/mpeg"),
		"retry-after": fc.constantFrom("0", "3600", "x", "Wed, 21 Oct 2099 07:28:00 GMT"),
	},
	{ requiredKeys: [] },
);

const statuses = fc.oneof(
	fc.constantFrom(200, 400, 401, 402, 403, 408, 413, 422, 429, 500, 502, 503, 529),
	fc.integer({ min: 200, max: 599 }),
);

const answers: fc.Arbitrary<MarkedAnswer> = fc.oneof(
	{ weight: 8, arbitrary: fc.record({ type: fc.constant("answer" as const), status: statuses, headers, body: bodies }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("cut" as const), status: fc.constantFrom(200, 500), body: fc.string() }) },
	{ weight: 3, arbitrary: fc.constantFrom<MarkedAnswer>({ type: "reset" }, { type: "hang" }, { type: "good" }) },
);

/** One request of the hostile guest. */
const requests = fc.record({
	family: fc.constantFrom("chat", "streamed chat", "embeddings", "speech", "image" as const),
	/** Odd text of the payload. */
	odd: fc.oneof(fc.string(), fc.constantFrom("{", "invalid api key", "\0", "x".repeat(10_000))),
	/** Odd number of the payload. */
	amount: fc.integer({ min: 1, max: 4_096 }),
	backend: fc.constantFrom("shared", undefined),
	/** True to abort the request while it is in flight. */
	abort: fc.boolean(),
	answer: answers,
});

type HostileRequest = typeof requests extends fc.Arbitrary<infer T> ? T : never;

/** Bursts of different answers, and bursts of one answer, which breakers and keys react to. */
const bursts = fc.oneof(
	fc.array(requests, { minLength: 1, maxLength: 12 }),
	fc
		.record({ request: requests, times: fc.integer({ min: 5, max: 40 }) })
		.map(({ request, times }) => Array<HostileRequest>(times).fill(request)),
);

/** Deadline of the hostile guest, in milliseconds: short, because some upstreams hang. */
const HOSTILE_DEADLINE_MS = 50;

const message = (text: string) => ({ role: "user" as const, content: [{ type: "text" as const, text }], tool_calls: [] });

async function sendHostile(client: HostClient, { family, odd, amount, backend, abort }: HostileRequest, index: number): Promise<void> {
	const stop = new AbortController();
	const text = `${markOf(index)}${odd}`;
	const options = {
		signal: stop.signal,
		timeout_ms: HOSTILE_DEADLINE_MS,
		...(backend === undefined ? {} : { routing: { backend, allowlist: [], denylist: [], preferred: [] } }),
	};
	const call = { id: odd, name: odd, arguments: odd };
	const messages = [message(text), { role: "assistant" as const, content: [], tool_calls: [call] }, message(odd)];
	const chat = { messages: amount % 2 === 0 ? messages : [message(text)], tools: [], max_output_tokens: amount };
	if (abort) setImmediate(() => stop.abort());
	try {
		if (family === "chat") await client.call("chat_completions", chat, options);
		else if (family === "streamed chat") for await (const _ of client.stream("chat_completions", chat, options));
		else if (family === "embeddings") await client.call("embeddings", { input: [text], dimensions: amount }, options);
		else if (family === "speech") await client.call("text_to_speech", { input: { type: "text", text }, voice: odd }, options);
		else await client.call("image_generation", { task: { type: "generate" }, prompt: text, n: amount % 11 }, options);
	} catch (thrown) {
		if (!(thrown instanceof SpearError)) throw thrown;
	}
}

/** Sends requests of another guest to each backend and to any. Fails if one fails. */
async function succeeds(client: HostClient): Promise<void> {
	for (const backend of ["shared", "other", undefined]) {
		const options = backend === undefined ? {} : { routing: { backend, allowlist: [], denylist: [], preferred: [] } };
		const { payload } = await client.call("chat_completions", { messages: [message("Hi")], tools: [] }, options);
		assert.is(payload.finish_reason, "stop");
		const events = await Array.fromAsync(client.stream("chat_completions", { messages: [message("Hi")], tools: [] }, options));
		assert.is(events.at(-1)?.type, "completed");
		assert.is((await client.call("embeddings", { input: ["a"] }, options)).payload.dimensions, 3);
	}
}

function start(upstream: MarkedUpstream): Promise<Host> {
	const backend = { kind: "openai-compatible", base_url: upstream.baseUrl, models: ["m"], api_key_env: "KEY" };
	return createHost({
		env: { KEY: "sk-of-the-host-0123456789" },
		config: { host: { log_level: "silent" }, router: { backoff_ms: 1, max_backoff_ms: 5 }, backends: { shared: backend, other: backend } },
	});
}

test("requests of a guest succeed whatever another guest sends and an upstream answers to that guest", async () => {
	const upstream = await MarkedUpstream.start();
	try {
		await fc.assert(
			fc.asyncProperty(bursts, fc.boolean(), fc.boolean(), async (burst, victimFirst, concurrent) => {
				upstream.answers = burst.map(({ answer }) => answer);
				const host = await start(upstream);
				try {
					const [hostile, victim] = [host.client({ guest: "hostile" }), host.client({ guest: "victim" })];
					if (victimFirst) await succeeds(victim);
					const sent = Promise.all(burst.map((request, index) => sendHostile(hostile, request, index)));
					if (concurrent) await succeeds(victim);
					await sent;
					await succeeds(victim);
				} finally {
					await host.close();
				}
			}),
			{ numRuns: 40 },
		);
	} finally {
		await upstream.close();
	}
});

test.run();
