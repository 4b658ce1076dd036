import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wavHeader } from "../../src/formats/wav-header.ts";
import type { AgentInstance } from "../../src/index.ts";
import { familiesComponent } from "../helpers/families-guest.ts";
import { type FamilyFault, type FamilyHost, familyFaults, startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask } from "../helpers/family-guest.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { answer, cut } from "../helpers/openai-server.ts";
import { CANARY, describe } from "../helpers/probe-host.ts";

/** Speech of a guest, through all four layers to a server on a real socket and back. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("speech over HTTP");

const SAMPLES = Buffer.from(Array.from({ length: 3200 }, (_, index) => (index * 7) % 256));
/** A WAV file of 1,600 samples at 16,000 Hz: 100 ms. */
const WAV = Buffer.concat([wavHeader(SAMPLES.length, 16_000), SAMPLES]);
const AUDIO = { "content-type": "audio/wav" };
const FACTS = { mimeType: "audio/wav", sampleRate: 16_000, durationMs: 100, usage: null, downgrades: null };

/** Returns the recording that a guest received, without its reference. */
function recordingOf(response: unknown): { audio: unknown; facts: unknown } {
	assert.ok(typeof response === "object" && response !== null && "audio" in response, describe(response));
	const { audio, ...facts } = response;
	assert.match(describe(audio), /^\{"tag":"stored","val":"sms\+file:\/\/[^"]+"\}$/);
	return { audio, facts };
}

test.before(async (context) => {
	context.familyHost = await startFamilyHost(await familiesComponent(), { options: { default_voice: "ash" } });
	context.instance = await context.familyHost.instance();
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

test("a text is sent to the upstream, and the guest receives the recording", async ({ familyHost: { server }, instance }) => {
	server.script(answer.text(WAV, AUDIO));
	const [outcome] = await ask(instance, { do: "speak", request: { format: "wav" }, options: via("upstream") });
	const { audio, facts } = recordingOf(outcome?.ok);
	assert.equal(facts, FACTS);
	const received = server.requests.at(-1);
	assert.is(received?.method, "POST");
	assert.is(received?.path, "/v1/audio/speech");
	assert.is(received?.headers.authorization, `Bearer ${CANARY}`);
	assert.is(received?.body, '{"model":"m1","input":"Hello there.","voice":"ash","response_format":"wav"}');
	const [stored, info] = await ask(instance, { do: "get", reference: audio }, { do: "stat", reference: audio });
	assert.equal(stored?.ok, [...WAV]);
	assert.match(describe(info?.ok), `"size":${WAV.length},"mimeType":"audio/wav"`);
});

test("every option of a synthesis reaches the upstream, and the answer says that the language does not", async ({
	familyHost: { server },
	instance,
}) => {
	server.script(answer.text("fLaC", { "content-type": "audio/flac" }));
	const request = { model: "m2", voice: "marin", format: "flac", speed: 1.25, instructions: "Softly.", language: "en-GB" };
	const [outcome] = await ask(instance, { do: "speak", request, options: via("upstream") });
	assert.equal(recordingOf(outcome?.ok).facts, {
		mimeType: "audio/flac",
		sampleRate: null,
		durationMs: null,
		usage: null,
		downgrades: [{ field: "language", effect: "dropped", detail: "the upstream derives it from the text" }],
	});
	assert.equal(server.requests.at(-1)?.json(), {
		model: "m2",
		input: "Hello there.",
		voice: "marin",
		response_format: "flac",
		speed: 1.25,
		instructions: "Softly.",
	});
});

test("a streamed synthesis delivers the bytes of the stored recording, and the same answer as a whole one", async ({
	familyHost: { server },
	instance,
}) => {
	server.script(answer.stream(cut(WAV, [10, 44, 1000]), AUDIO));
	const [outcome] = await ask(instance, { do: "speakEvents", request: { format: "wav" }, options: via("upstream") });
	const events = outcome?.ok;
	assert.ok(Array.isArray(events), describe(outcome));
	assert.equal(
		events.slice(0, -1).flatMap((event) => (event.tag === "audio" ? event.val : ["?"])),
		[...WAV],
	);
	assert.is(events.at(-1).tag, "completed");
	const { audio, facts } = recordingOf(events.at(-1).val);
	assert.equal(facts, FACTS);
	assert.equal(await ask(instance, { do: "get", reference: audio }), [{ ok: [...WAV] }]);
	assert.is(server.requests.at(-1)?.body, '{"model":"m1","input":"Hello there.","voice":"ash","response_format":"wav"}');
});

test("a synthesis that breaks off fails with the number of delivered bytes", async ({ familyHost: { server }, instance }) => {
	server.script(answer.cutOff(WAV.subarray(0, 500), { ...AUDIO, "content-length": String(WAV.length) }));
	const [outcome] = await ask(instance, { do: "speakEvents", request: { format: "wav" }, options: via("upstream") });
	const events = outcome?.ok;
	assert.ok(Array.isArray(events), describe(outcome));
	assert.equal(
		events.slice(0, -1).flatMap(({ val }) => val),
		[...WAV.subarray(0, 500)],
	);
	const { tag, val } = events.at(-1);
	const { code, retryable } = val.error;
	assert.equal(
		{ tag, deliveredBytes: val.deliveredBytes, code, retryable },
		{ tag: "failed", deliveredBytes: 500, code: "backend-error", retryable: true },
	);
});

test("a dropped stream of a synthesis closes its socket", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	server.script(answer.stall(WAV.subarray(0, 44), AUDIO));
	const [outcome] = await ask(instance, { do: "speakDropped", options: via("upstream") });
	assert.equal(outcome?.ok, { tag: "audio", val: [...WAV.subarray(0, 44)] });
	assert.ok((await (await server.request(count)).ended).clientClosed);
});

test("an invalid synthesis is refused without a request to the upstream", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	const refusals = await ask(
		instance,
		{ do: "speak", request: { input: { tag: "text", val: " " } } },
		{ do: "speak", request: { speed: 5 } },
		{ do: "speak", request: { input: { tag: "ssml", val: "<speak>Hi" } } },
		{ do: "speak", request: { input: { tag: "ssml", val: "<speak>Hi</speak>" } } },
		{ do: "speakEvents", request: { input: { tag: "text", val: "" } } },
	);
	assert.equal(
		refusals.map(({ err }) => {
			const { code, message } = Object(err);
			return `${code}: ${message}`;
		}),
		[
			"invalid-request: input.text: is empty; provide text to speak",
			"invalid-request: speed: must be <= 4",
			"invalid-request: input.ssml: is not well-formed SSML: <speak> is never closed (line 1)",
			"missing-capabilities: no backend for text_to_speech offers supports_ssml",
			"invalid-request: input.text: is empty; provide text to speak",
		],
	);
	assert.is(server.requests.length, count);
});

test("voices are those of the available backends, and an unknown model is refused with the reasons", async ({ instance }) => {
	const [all, one, none] = await ask(instance, { do: "voices" }, { do: "voices", model: "m2" }, { do: "voices", model: "m9" });
	assert.ok(Array.isArray(all?.ok));
	assert.equal(all.ok[0], { id: "alloy", name: null, languages: [], description: null });
	assert.is(all.ok.length, 13);
	assert.equal(one, all);
	assert.match(describe(none?.err), '"code":"no-candidate-backend"');
	assert.match(describe(none?.err), '"backend":"upstream","reason":"model","detail":"m9"');
});

test("voices are those of the backends that the host's routes allow for the guest", async () => {
	const backend = (id: string, languages: string[] = []) => ({
		kind: "openai-compatible",
		base_url: "http://127.0.0.1:9/v1",
		models: [`model-${id}`],
		options: { voices: ["shared", { id, languages }] },
	});
	const host = await createHost({
		config: {
			host: { cache_dir: scratch() },
			backends: {
				one: backend("anna", ["de"]),
				two: backend("ben"),
				three: backend("carl"),
				four: { ...backend("dora"), api_key_env: "UNSET" },
			},
			routes: { text_to_speech: { deny: ["three"] } },
		},
		env: {},
	});
	try {
		const instance = await (await host.load(await familiesComponent())).instantiate();
		const [all, one] = await ask(instance, { do: "voices" }, { do: "voices", model: "model-ben" });
		const voice = (id: string, languages: string[] = []) => ({ id, name: null, languages, description: null });
		assert.equal(all?.ok, [voice("shared"), voice("anna", ["de"]), voice("ben")]);
		assert.equal(one?.ok, [voice("shared"), voice("ben")]);
	} finally {
		await host.close();
	}
});

test("a recording larger than the limit of the store ends whole and streamed requests, and leaves no file", async () => {
	const familyHost = await startFamilyHost(await familiesComponent(), { media: { max_bytes: 100_000 } });
	try {
		const { server } = familyHost;
		const instance = await familyHost.instance();
		server.script(answer.flood(Buffer.alloc(16_384), AUDIO), answer.flood(Buffer.alloc(16_384), AUDIO), answer.text(WAV, AUDIO));
		const outcomes = await ask(
			instance,
			{ do: "speak", options: via("upstream") },
			{ do: "speakStreamed", options: via("upstream") },
			{ do: "speak", options: via("upstream") },
		);
		for (const { err } of outcomes.slice(0, 2)) assert.match(describe(err), "larger than 100000 bytes, the host's limit for one object");
		assert.equal(recordingOf(outcomes[2]?.ok).facts, FACTS);
		for (const index of [0, 1]) assert.ok((await (await server.request(index)).ended).clientClosed);
		assert.is(familyHost.host.backends()[0]?.inFlight, 0);
	} finally {
		await familyHost.close();
	}
});

test("a host without a configuration synthesizes and transcribes with the stub", async () => {
	const host = await createHost({ config: { host: { cache_dir: scratch() } }, env: {} });
	try {
		const instance = await (await host.load(await familiesComponent())).instantiate();
		const [voices, trip] = await ask(instance, { do: "voices" }, { do: "roundTrip", text: "Hello there" });
		assert.match(describe(voices?.ok), '"id":"stub-low"');
		assert.equal(trip?.ok, {
			facts: { mimeType: "audio/wav", sampleRate: 16_000, durationMs: 760, usage: null, downgrades: null },
			bytes: 24_364,
			transcript: {
				text: "stub transcript of 24364 bytes of audio/wav, 0.8 seconds",
				language: null,
				duration: 0.76,
				segments: [],
				words: [],
				usage: null,
				downgrades: null,
			},
		});
	} finally {
		await host.close();
	}
});

test.run();

/** Faults of binary responses only. */
const FAULTS: Readonly<Record<string, FamilyFault>> = {
	"audio that is cut off": {
		behaviour: () => answer.cutOff(WAV.subarray(0, 500), { ...AUDIO, "content-length": String(WAV.length) }),
		code: "backend-error",
		retryable: true,
	},
	"audio in chunks that is cut off": {
		behaviour: () => answer.cutOff(WAV.subarray(0, 500), AUDIO),
		code: "backend-error",
		retryable: true,
	},
	"audio that stalls": { behaviour: () => answer.stall(WAV.subarray(0, 500), AUDIO), code: "timeout", retryable: true, timeoutMs: 150 },
	"no audio at all": { behaviour: () => answer.text("", AUDIO), code: "backend-error", retryable: false },
	"an error in place of audio": {
		behaviour: () => answer.json({ error: { message: "Oops", type: "server_error" } }),
		code: "backend-error",
		retryable: true,
	},
	"a page in place of audio": {
		behaviour: () => answer.text("<html>", { "content-type": "text/html" }),
		code: "backend-error",
		retryable: false,
	},
};

for (const command of ["speak", "speakStreamed"]) {
	familyFaults({
		operation: "text_to_speech",
		component: () => familiesComponent(),
		command: (options) => ({ do: command, request: { format: "wav" }, options }),
		good: () => [answer.text(WAV, AUDIO)],
		check: (outcome) => assert.equal(recordingOf(Object(outcome).ok).facts, FACTS),
		json: false,
		faults: FAULTS,
	}).run();
}
