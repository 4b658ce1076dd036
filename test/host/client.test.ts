/** The client of a host: every operation without a guest, through the same layers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import type { Host } from "../../src/host/host.ts";
import type { Charge, LimitStore } from "../../src/router/limits/limit-store.ts";
import type { HostEvent } from "../../src/telemetry/host-event.ts";

const QUIET = { host: { log_level: "silent" } } as const;

const QUESTION = {
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello there" }], tool_calls: [] }],
	tools: [],
};

async function withHost(run: (host: Host) => Promise<void>, options: Parameters<typeof createHost>[0] = {}): Promise<void> {
	const host = await createHost({ config: QUIET, ...options });
	try {
		await run(host);
	} finally {
		await host.close();
	}
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
	try {
		await run();
	} catch (thrown) {
		return thrown instanceof SpearError ? thrown.code : String(thrown);
	}
	return "nothing was thrown";
}

test("a call is answered whole, with the backend that answered", () =>
	withHost(async (host) => {
		const { payload, backend, requestId } = await host.client().call("chat_completions", QUESTION);
		assert.is(payload.message.role, "assistant");
		assert.is(payload.finish_reason, "stop");
		assert.is(backend.instance, "stub");
		assert.equal(
			backend.attempts.map((attempt) => attempt.backend),
			["stub"],
		);
		assert.match(requestId, /^[0-9a-f-]{36}$/);
	}));

test("a stream yields events that end in the whole answer", () =>
	withHost(async (host) => {
		let text = "";
		let last = "";
		for await (const event of host.client().stream("chat_completions", QUESTION)) {
			last = event.type;
			if (event.type === "text") text += event.text;
			if (event.type === "completed") assert.equal(event.completed.message.content, [{ type: "text", text }]);
		}
		assert.is(last, "completed");
	}));

test("every operation can be called, and media go in and out", () =>
	withHost(async (host) => {
		const client = host.client();
		const { payload: vectors } = await client.call("embeddings", { input: ["a", "b"] });
		assert.is(vectors.vectors.length, 2);
		const { payload: images } = await client.call("image_generation", { prompt: "a red kite", task: { type: "generate" } });
		const [image] = images.images;
		assert.is(image?.media.type, "stored");
		if (image === undefined) throw new Error("no image");
		assert.equal(
			[...(await client.media.get(image.media)).subarray(1, 4)],
			[..."PNG"].map((letter) => letter.charCodeAt(0)),
		);
		const { payload: speech } = await client.call("text_to_speech", { input: { type: "text", text: "good day" }, format: "wav" });
		const { payload: transcript } = await client.call("speech_to_text", { audio: speech.audio });
		assert.match(transcript.text, /stub/);
		assert.ok(client.voices().length > 0);
		assert.ok(client.catalog().every(({ available }) => available));
	}));

test("a realtime session takes input, yields events and ends in order", () =>
	withHost(async (host) => {
		const session = await host.client().connect({ mode: "conversation", tools: [] });
		session.send({ type: "send_text", text: "hello" });
		const seen = new Set<string>();
		for await (const event of session) {
			seen.add(event.type);
			if (event.type === "response_done") session.close();
		}
		assert.is(session.state, "closed");
		assert.ok(seen.has("completed"), [...seen].join());
	}));

test("a client sends the envelope that a guest's call would be", () =>
	withHost(async (host) => {
		const envelopes: RequestEnvelope[] = [];
		const onEvent = (event: HostEvent): void => {
			if (event.type === "request") envelopes.push(event.request);
		};
		const options = { task_id: "t1", timeout_ms: 5_000, routing: { allowlist: ["stub"], denylist: [], preferred: [] } };
		await host.client({ onEvent }).call("embeddings", { input: ["a"] }, options);
		const [envelope] = envelopes;
		assert.equal(
			{ ...envelope, request_id: "r", meta: {} },
			{
				version: 1,
				request_id: "r",
				task_id: "t1",
				operation: "embeddings",
				meta: {},
				routing: options.routing,
				requirements: { required_ops: [], required_features: [], required_transports: ["unary"] },
				size: { input_tokens: 1, items: 1 },
				timeout_ms: 5_000,
				payload: { input: ["a"] },
				provider_options: {},
			},
		);
	}));

test("a call belongs to the trace that it is given", () =>
	withHost(async (host) => {
		const metas: RequestEnvelope["meta"][] = [];
		const client = host.client({ onEvent: (event) => event.type === "request" && metas.push(event.request.meta) });
		const [trace_id, span_id] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
		await client.call("embeddings", { input: ["a"] }, { traceparent: `00-${trace_id}-${span_id}-01` });
		assert.equal({ ...metas[0], created_at_ms: 0 }, { trace_id, span_id, created_at_ms: 0 });
		assert.is(await codeOf(() => client.call("embeddings", { input: ["a"] }, { traceparent: "nonsense" })), "invalid_request");
	}));

test("events narrow by their operation", () =>
	withHost(async (host) => {
		const dimensions: (number | undefined)[] = [];
		const onEvent = (event: HostEvent): void => {
			if (event.type === "response" && event.operation === "embeddings") dimensions.push(event.payload.dimensions);
		};
		await host.client({ onEvent }).call("embeddings", { input: ["a"], dimensions: 8 });
		assert.equal(dimensions, [8]);
	}));

test("a payload that the schema refuses is an invalid request that names the member", () =>
	withHost(async (host) => {
		const call = host.client().call("embeddings", { input: [] });
		await call.then(
			() => assert.unreachable(),
			(error: unknown) => assert.match(String(error), /input: must NOT have fewer than 1 items/),
		);
	}));

test("a signal cancels a call, and closing the client or the host cancels what is in flight", () =>
	withHost(
		async (host) => {
			const signal = AbortSignal.abort();
			assert.is(await codeOf(() => host.client().call("chat_completions", QUESTION, { signal })), "cancelled");
			const client = host.client();
			const call = codeOf(() => client.call("chat_completions", QUESTION));
			await client.close();
			assert.is(await call, "cancelled");
			const other = codeOf(() => host.client().call("chat_completions", QUESTION));
			await host.close();
			assert.is(await other, "cancelled");
			assert.throws(() => host.client(), /the host is closed/);
		},
		{ config: { ...QUIET, backends: { slow: { kind: "stub", options: { delay_ms: 10_000 } } } } },
	));

test("leaving a stream cancels its request", () =>
	withHost(
		async (host) => {
			for await (const event of host.client().stream("chat_completions", QUESTION)) {
				assert.is(event.type, "text");
				break;
			}
			assert.is(host.backends()[0]?.inFlight, 0);
		},
		{ config: { ...QUIET, backends: { slow: { kind: "stub", options: { delay_ms: 5 } } } } },
	));

test("a client of a named guest is held to the limits of that guest", () =>
	withHost(
		async (host) => {
			const client = host.client({ guest: "nightly" });
			await client.call("embeddings", { input: ["a"] });
			assert.is(await codeOf(() => client.call("embeddings", { input: ["a"] })), "rate_limited");
			await host.client().call("embeddings", { input: ["a"] });
		},
		{ config: { ...QUIET, guests: { nightly: { requests_per_minute: 1 } } } },
	));

test("rates are counted in the embedder's store when there is one", async () => {
	const charges: string[] = [];
	const limitStore: LimitStore = {
		reserve(asked: readonly Charge[]) {
			charges.push(...asked.map(({ bucket }) => bucket));
			return { granted: true, settle: () => {} };
		},
	};
	await withHost(async (host) => void (await host.client({ guest: "g" }).call("embeddings", { input: ["a"] })), {
		limitStore,
		config: { ...QUIET, guests: { g: { requests_per_minute: 1 } } },
	});
	assert.equal(charges, ["guest:guest-g:requests"]);
});

test.run();
