import { createServer } from "node:http";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { familiesComponent } from "../helpers/families-guest.ts";
import { type FamilyFault, type FamilyHost, familyFaults, startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask, bytes } from "../helpers/family-guest.ts";
import { type FormPart, formOf } from "../helpers/form.ts";
import { answer, type Behaviour, sse } from "../helpers/openai-server.ts";
import { CANARY, describe } from "../helpers/probe-host.ts";

/** Transcriptions of a guest, through all four layers to a server on a real socket and back. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("transcripts over HTTP");

const AUDIO = Buffer.from("RIFF\x24\x00\x00\x00WAVE and \xff\x00\r\n", "latin1");
const FILE: FormPart = ["file", "audio.wav", "audio/wav", AUDIO.toString("latin1")];
const INLINE = { tag: "inline", val: { data: bytes(AUDIO), mimeType: "audio/wav" } };

const TOKENS = { type: "tokens", input_tokens: 14, output_tokens: 31, total_tokens: 45 };
const usage = {
	inputTokens: 14,
	outputTokens: 31,
	totalTokens: 45,
	cachedInputTokens: null,
	reasoningTokens: null,
	cacheWriteTokens: null,
};
const TEXT = "What a wonderful world.";
const RESPONSE = { text: TEXT, language: null, duration: null, segments: [], words: [], usage, downgrades: null };
const whole = (): Behaviour => answer.json({ text: TEXT, usage: TOKENS });
const streamed = (): Behaviour =>
	answer.stream(
		sse(
			[
				{ type: "transcript.text.delta", delta: "What a " },
				{ type: "transcript.text.delta", delta: "wonderful world." },
				{ type: "transcript.text.done", text: TEXT, usage: TOKENS },
			],
			{ done: false },
		),
	);

test.before(async (context) => {
	context.familyHost = await startFamilyHost(await familiesComponent());
	context.instance = await context.familyHost.instance();
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

test("an inline recording is sent as a form, and the guest receives the transcript", async ({ familyHost: { server }, instance }) => {
	server.script(whole());
	assert.equal(await ask(instance, { do: "hear", request: { audio: INLINE }, options: via("upstream") }), [{ ok: RESPONSE }]);
	const received = server.requests.at(-1);
	assert.is(received?.method, "POST");
	assert.is(received?.path, "/v1/audio/transcriptions");
	assert.is(received?.headers.authorization, `Bearer ${CANARY}`);
	assert.equal(formOf(received), [["model", "m1"], ["response_format", "json"], FILE]);
});

test("a stored recording is transcribed with times and speakers, and translated", async ({ familyHost: { server }, instance }) => {
	const [put] = await ask(instance, { do: "put", data: bytes(AUDIO), mimeType: "audio/wav" });
	const audio = put?.ok;
	server.script(
		answer.json({
			language: "german",
			duration: 2.5,
			text: "Hallo Welt.",
			segments: [{ start: 0, end: 2.5, text: " Hallo Welt." }],
			words: [{ word: "Hallo", start: 0, end: 1 }],
		}),
		answer.json({ text: "Hi.", duration: 1, segments: [{ id: "s", start: 0, end: 1, text: "Hi.", speaker: "A" }] }),
		answer.json({ text: "Hello world." }),
	);
	const timed = { audio, model: "m2", language: "de", prompt: "Gruß", timestamps: { segment: true, word: true }, temperature: 0.5 };
	const outcomes = await ask(
		instance,
		{ do: "hear", request: timed, options: via("upstream") },
		{ do: "hear", request: { audio, diarize: true }, options: via("upstream") },
		{ do: "hear", request: { audio, task: "translate" }, options: via("upstream") },
	);
	const bare = { language: null, duration: null, segments: [], words: [], usage: null, downgrades: null };
	assert.equal(outcomes, [
		{
			ok: {
				...bare,
				text: "Hallo Welt.",
				language: "de",
				duration: 2.5,
				segments: [{ start: 0, end: 2.5, text: "Hallo Welt.", speaker: null }],
				words: [{ start: 0, end: 1, text: "Hallo" }],
			},
		},
		{ ok: { ...bare, text: "Hi.", duration: 1, segments: [{ start: 0, end: 1, text: "Hi.", speaker: "A" }] } },
		{ ok: { ...bare, text: "Hello world." } },
	]);
	const received = server.requests.slice(-3);
	assert.equal(received.map(formOf), [
		[
			["model", "m2"],
			["language", "de"],
			["prompt", Buffer.from("Gruß").toString("latin1")],
			["temperature", "0.5"],
			["response_format", "verbose_json"],
			["timestamp_granularities[]", "segment"],
			["timestamp_granularities[]", "word"],
			FILE,
		],
		[["model", "m1"], ["response_format", "diarized_json"], ["chunking_strategy", "auto"], FILE],
		[["model", "m1"], ["response_format", "json"], FILE],
	]);
	assert.is(received[2]?.path, "/v1/audio/translations");
});

test("a streamed transcription delivers the text in parts, and then the same answer as a whole one", async ({
	familyHost: { server },
	instance,
}) => {
	server.script(streamed());
	assert.equal(await ask(instance, { do: "hearEvents", request: { audio: INLINE }, options: via("upstream") }), [
		{
			ok: [
				{ tag: "text", val: "What a " },
				{ tag: "text", val: "wonderful world." },
				{ tag: "completed", val: RESPONSE },
			],
		},
	]);
	assert.equal(formOf(server.requests.at(-1)), [["model", "m1"], ["response_format", "json"], ["stream", "true"], FILE]);
});

const PARTIAL = sse([{ type: "transcript.text.delta", delta: "What a " }], { done: false });

test("a transcription that breaks off fails with the text that had arrived", async ({ familyHost: { server }, instance }) => {
	server.script(answer.cutOff(PARTIAL));
	const [outcome] = await ask(instance, { do: "hearEvents", request: { audio: INLINE }, options: via("upstream") });
	const events = outcome?.ok;
	assert.ok(Array.isArray(events), describe(outcome));
	assert.equal(events[0], { tag: "text", val: "What a " });
	const { tag, val } = events[1];
	assert.is(events.length, 2);
	const { code, retryable } = val.error;
	assert.equal(
		{ tag, partial: val.partial, code, retryable },
		{ tag: "failed", partial: "What a ", code: "backend-error", retryable: true },
	);
});

test("a dropped stream of a transcription closes its socket", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	server.script(answer.stall(PARTIAL));
	const [outcome] = await ask(instance, { do: "hearDropped", request: { audio: INLINE }, options: via("upstream") });
	assert.equal(outcome?.ok, { tag: "text", val: "What a " });
	assert.ok((await (await server.request(count)).ended).clientClosed);
});

test("an invalid transcription request is refused without a request to the upstream", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	const refusals = await ask(
		instance,
		{ do: "hear", request: { audio: { tag: "inline", val: { data: bytes(Buffer.alloc(0)), mimeType: "audio/wav" } } } },
		{ do: "hear", request: { audio: INLINE, language: "german" } },
		{ do: "hear", request: { audio: INLINE, temperature: 2 } },
		{ do: "hear", request: { audio: { tag: "url", val: "http://127.0.0.1:9/clip.wav" } } },
		{ do: "hear", request: { audio: { tag: "inline", val: { data: bytes(AUDIO), mimeType: "image/png" } } } },
		{ do: "hearEvents", request: { audio: INLINE, language: "german" } },
	);
	assert.equal(
		refusals.map(({ err }) => Object(err).code),
		["invalid-request", "invalid-request", "invalid-request", "not-permitted", "invalid-request", "invalid-request"],
	);
	assert.match(describe(refusals[0]?.err), "audio.inline.data: is empty; there is nothing to transcribe");
	assert.match(describe(refusals[4]?.err), "is not the media type of a recording");
	assert.is(server.requests.length, count);
});

test.run();

const urls = suite("transcripts of what is behind a URL");

urls("the host fetches the recording and uploads it; the upstream never sees the URL", async () => {
	const files = createServer((_, response) => response.writeHead(200, { "content-type": "audio/wav" }).end(AUDIO));
	await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
	const address = files.address();
	const port = typeof address === "object" ? address?.port : undefined;
	const familyHost = await startFamilyHost(await familiesComponent(), {
		media: { allowed_hosts: ["127.0.0.1:*"], allow_private_addresses: true },
	});
	try {
		const instance = await familyHost.instance();
		familyHost.server.script(whole());
		const audio = { tag: "url", val: `http://127.0.0.1:${port}/clip.wav` };
		assert.equal(await ask(instance, { do: "hear", request: { audio }, options: via("upstream") }), [{ ok: RESPONSE }]);
		assert.equal(formOf(familyHost.server.requests.at(-1)), [["model", "m1"], ["response_format", "json"], FILE]);
	} finally {
		await familyHost.close();
		files.closeAllConnections();
		await new Promise((resolve) => files.close(resolve));
	}
});

urls.run();

/** Faults of streams only. */
const STREAM_FAULTS: Readonly<Record<string, FamilyFault>> = {
	"a stream that is cut off": { behaviour: () => answer.cutOff(PARTIAL), code: "backend-error", retryable: true },
	"a stream without its last event": { behaviour: () => answer.stream(PARTIAL), code: "backend-error", retryable: true },
	"a stream with an event that is not JSON": {
		behaviour: () => answer.stream(Buffer.concat([PARTIAL, Buffer.from("data: {oops\n\n")])),
		code: "backend-error",
		retryable: false,
	},
	"a stream that stalls": { behaviour: () => answer.stall(PARTIAL), code: "timeout", retryable: true, timeoutMs: 150 },
	"an event without end": {
		behaviour: () => answer.flood(Buffer.alloc(1024 * 1024, "data: x")),
		code: "backend-error",
		retryable: false,
	},
};

for (const [command, good, faults] of [
	["hear", whole, {}],
	["hearStreamed", streamed, STREAM_FAULTS],
] as const) {
	familyFaults({
		operation: "speech_to_text",
		component: () => familiesComponent(),
		command: (options) => ({ do: command, request: { audio: INLINE }, options }),
		good: () => [good()],
		check: (outcome) => assert.equal(outcome, { ok: RESPONSE }),
		faults,
	}).run();
}
