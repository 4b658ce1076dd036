/** Transcripts of the kind `local`, with a stand-in for the library. The recordings pass the real threads. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as asr from "../../../../../generated/ir/asr.ts";
import { TRANSCRIPT_RULES } from "../../../../../src/backends/protocols/local/asr/rules.ts";
import { ruleFor } from "../../../../../src/backends/rules.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { wavFile } from "../../../../helpers/wav-file.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { type Instance, LIBRARY, recordingOf, sound, standInInstance, wav } from "./stand-in.ts";

const instances: Instance[] = [];

function open(options: Parameters<typeof standInInstance>[0] = {}): Instance {
	const instance = standInInstance(options);
	instances.push(instance);
	return instance;
}

const shared = open();

test.after(async () => {
	await Promise.all(instances.map((instance) => instance.close()));
});

async function events(bytes: Uint8Array, more: Partial<asr.Request> = {}, instance = shared): Promise<asr.Event[]> {
	const envelope = envelopeOf("speech_to_text", { audio: recordingOf(bytes), ...more });
	return Array.fromAsync(instance.backend.stream(envelope, contextOf({ media: memoryMedia() })));
}

function ask(bytes: Uint8Array, more: Partial<asr.Request> = {}, instance = shared, signal = new AbortController().signal) {
	return instance.backend.unary(
		envelopeOf("speech_to_text", { audio: recordingOf(bytes), ...more }),
		contextOf({ media: memoryMedia(), signal }),
	);
}

test("each segment of speech is a part of the text, and the whole text comes last", async () => {
	const recording = wav(sound("...ss....s"));
	const completed = { text: "2528 ms. 1344 ms.", language: "en", duration: 10, segments: [], words: [] };
	assert.equal(await events(recording), [
		{ type: "text", text: "2528 ms." },
		{ type: "text", text: " 1344 ms." },
		{ type: "completed", completed },
	]);
	assert.equal(await ask(recording), completed);
});

test("segments have times in the recording if the request asks for them", async () => {
	const seen = await events(wav(sound("...ss....s")), { timestamps: ["segment"] });
	const segments = [
		{ start: 2.688, end: 5.216, text: "2528 ms." },
		{ start: 8.704, end: 10, text: "1344 ms." },
	];
	assert.equal(
		seen.flatMap((event) => (event.type === "segment" ? [event.segment] : [])),
		segments,
	);
	const last = seen.at(-1);
	assert.equal(last?.type === "completed" && last.completed.segments, segments);
});

test("a recording in another rate is the same recording", async () => {
	const { text, duration } = await ask(wav(sound("...ss....s", 44_100), 44_100));
	assert.equal([text, duration], ["2528 ms. 1344 ms.", 10]);
});

test("a recording of silence has no text", async () => {
	assert.equal(await ask(wav(sound("....."))), { text: "", language: "en", duration: 5, segments: [], words: [] });
});

test("a short recording with sound is recognized although the detector finds no speech", async () => {
	const quiet = sound("s").map((sample) => sample / 8);
	assert.is((await ask(wav(quiet))).text, "1056 ms.");
	assert.is((await ask(wav(quiet.map((sample) => sample / 100)))).text, "", "silence");
	assert.is((await ask(wav(Float32Array.from([...quiet, ...quiet, ...quiet, ...quiet])))).text, "", "a long recording");
});

test("speech of a minute is recognized in segments of 15 seconds at most", async () => {
	const { segments, duration } = await ask(wav(sound("s".repeat(60))), { timestamps: ["segment"] });
	assert.is(duration, 60);
	assert.is(segments[0]?.start, 0);
	for (const [index, { start, end }] of segments.entries()) {
		assert.ok(end - start <= 15.04 && end - start > 0, `${start} to ${end}`);
		assert.is(end, segments[index + 1]?.start ?? 60);
	}
});

test("other formats, and files without samples, are refused with what to do", async () => {
	const mp3 = Buffer.concat([Buffer.from("ID3\x04", "latin1"), Buffer.alloc(100_000)]);
	assert.is(
		String(await failure(ask(mp3))),
		'SpearError [invalid_request]: audio: it is MP3; the local recognizer reads WAV: convert it, for example with "ffmpeg -i recording.mp3 speech.wav"',
	);
	assert.match(String(await failure(ask(wav(sound("s")).subarray(0, 36)))), "audio: it is a WAV file without samples");
});

test("fields that the model has no use for are refused or dropped, as the rules say", async () => {
	const recording = wav(sound("s"));
	const refusals: readonly [Partial<asr.Request>, string][] = [
		[{ language: "de" }, 'missing_capabilities]: language: the local recognizer knows English, not "de"'],
		[{ task: "translate" }, "missing_capabilities]: task: the local recognizer cannot translate"],
		[{ timestamps: ["word"] }, "missing_capabilities]: timestamps: the local recognizer has no times of words"],
		[{ diarize: true }, "missing_capabilities]: diarize: the local recognizer does not distinguish speakers"],
		[{ model: "whisper" }, "invalid_request]: model: "],
	];
	for (const [payload, message] of refusals) assert.match(String(await failure(ask(recording, payload))), message);
	assert.is((await ask(recording, { language: "en-GB", prompt: "Names: Ada", temperature: 0.5, diarize: false })).text, "1056 ms.");
	const languages = ["en", "ENG", "en-US", "de", "enm"].map(
		(language) => ruleFor(TRANSCRIPT_RULES.language, language, { audio: recordingOf(recording) }).treatment,
	);
	assert.equal(languages, ["pass", "pass", "emulate", "reject", "reject"]);
});

test("an abort ends a request at once, and the next request is served", async () => {
	const abort = new AbortController();
	const slow = failure(ask(wav(sound("L")), {}, shared, abort.signal));
	const after = ask(wav(sound("s")));
	await shared.recognizing();
	const started = performance.now();
	abort.abort(new SpearError("timeout", "the deadline has passed"));
	assert.is((await slow).message, "the deadline has passed");
	assert.ok(performance.now() - started < 100);
	assert.is((await after).text, "1056 ms.");
});

test("requests beyond the bound are refused, and the others are served", async () => {
	const small = open({ maxPending: 1 });
	const requests = Array.from({ length: 10 }, () => ask(wav(sound("s")), {}, small).catch((thrown: unknown) => String(thrown)));
	const results = (await Promise.all(requests)).map((result) => (typeof result === "string" ? result : result.text));
	const refused = results.filter((result) => result !== "1056 ms.");
	// A lone guest has half of the eight places.
	const busy = "SpearError [rate_limited]: the model is busy, and 1 further requests wait for it; try again later";
	assert.equal(
		refused,
		Array.from({ length: 5 }, () => busy),
	);
});

test("a task of the detection has half a second of sound, whatever the rate of the recording", async () => {
	const instance = open();
	const sizes: number[] = [];
	const run = instance.engines.segmenter.run.bind(instance.engines.segmenter);
	instance.engines.segmenter.run = (task, options) => {
		if (task.type === "add") sizes.push(task.bytes.length);
		return run(task, options);
	};
	for (const [rate, most] of [
		// The first task counts the header as sound.
		[1000, 1045],
		[8000, 8359],
		[48_000, 16 * 1024],
	] as const) {
		sizes.length = 0;
		const { duration } = await ask(wavFile(new Float32Array(4 * rate), rate), {}, instance);
		assert.equal([duration, Math.max(...sizes)], [4, most]);
	}
});

test("a long recording leaves turns to a short one", async () => {
	const order: string[] = [];
	const long = (async () => {
		for (const _ of await events(wav(sound("L...L...L...L")))) order.push("long");
	})();
	await shared.recognizing();
	const short = ask(wav(sound("s"))).then(() => order.push("short"));
	await Promise.all([long, short]);
	assert.is(order[0], "short");
});

test("a recognition that ends the thread is repeated once, and fails alone", async () => {
	const instance = open();
	const error = await failure(ask(wav(sound("C")), {}, instance));
	assert.equal(
		[error.code, error.message],
		["backend_error", "the engine of speech recognition ended unexpectedly; the host's log has the reason"],
	);
	assert.is((await ask(wav(sound("s")), {}, instance)).text, "1056 ms.");
});

test("closing ends requests with the reason, and leaves no thread", async () => {
	const instance = open();
	const pending = failure(ask(wav(sound("L")), {}, instance));
	await instance.recognizing();
	await instance.close();
	assert.is((await pending).message, "the backend was shut down");
	assert.equal([instance.engines.segmenter.isLoaded, instance.engines.recognizer.isLoaded], [false, false]);
});

test("without a package or a model, a request and a check fail with the command", async () => {
	const bare = open({ pathOf: () => undefined });
	const message =
		/speech recognition needs the package sherpa-onnx(-node)?, which is not installed; install it: npm install sherpa-onnx(-node)?@1\.13\.8$/;
	assert.match((await failure(ask(wav(sound("s")), {}, bare))).message, message);
	assert.match((await failure(bare.check())).message, message);
	const empty = open({ files: { filesOf: async (name) => Promise.reject(new SpearError("internal", `pull ${name}`)) } });
	assert.is((await failure(empty.check())).message, "pull silero-vad");
	await shared.check();
});

test("the native package comes first, and the one in WebAssembly serves where it cannot be loaded", async () => {
	const recording = wav(sound("s"));
	const broken =
		(name: string) =>
		(path: string | undefined): string | undefined =>
			path === name ? "/nowhere/package.js" : LIBRARY;
	assert.is((await ask(recording, {}, open({ pathOf: broken("sherpa-onnx-node") }))).text, "1056 ms.");
	assert.is((await ask(recording, {}, open({ engine: "wasm", pathOf: broken("sherpa-onnx-node") }))).text, "1056 ms.");
	const native = open({ engine: "native", pathOf: broken("sherpa-onnx-node") });
	assert.match(
		(await failure(ask(recording, {}, native))).message,
		/the native package .* cannot be loaded on this machine; .* npm install sherpa-onnx@1\.13\.8$/,
	);
});

test("a recording that ends in the middle of a sample is read to its last whole one", async () => {
	assert.is((await ask(wavFile(sound("s"), 16_000).subarray(0, -1))).duration, 15_999 / 16_000);
});

test.run();
