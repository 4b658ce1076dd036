/** Audio on its way to a session: speed, a full queue, the end, an interrupt. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceInput } from "../../../../generated/backends/realtime-voice.ts";
import { type FedSession, feed } from "../../../../src/cli/transcribe/live/feed.ts";
import { HeardSpeech } from "../../../../src/cli/transcribe/live/heard-speech.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

/** Returns a session that notes its calls. */
function session(onSend: (input: RealtimeVoiceInput) => void = () => {}): { calls: string[]; fed: FedSession } {
	const calls: string[] = [];
	const fed: FedSession = {
		send(input) {
			onSend(input);
			calls.push(input.type === "append_audio" ? `${input.audio.byteLength} bytes` : input.type);
			return { bytes: 0, queued_bytes: 0 };
		},
		async drain() {
			calls.push("drain");
		},
		close: () => void calls.push("close"),
	};
	return { calls, fed };
}

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array, void, void> {
	for (const size of sizes) yield new Uint8Array(size);
}

const never = new AbortController().signal;

test("audio is sent in slices of 100 ms, then committed and drained", async () => {
	const { calls, fed } = session();
	await feed(fed, chunks(6000, 100), new HeardSpeech(), never);
	assert.equal(calls, ["4800 bytes", "1200 bytes", "100 bytes", "commit", "drain", "close"]);
});

test("a full queue receives the slice again later", async () => {
	let refusals = 2;
	const { calls, fed } = session(() => {
		if (refusals-- > 0) throw new SpearError("rate_limited", "the send queue is full");
	});
	await feed(fed, chunks(480), new HeardSpeech(), never);
	assert.equal(calls, ["480 bytes", "commit", "drain", "close"]);
});

test("a failure of the audio or the session is thrown", async () => {
	const { calls, fed } = session(() => {
		throw new SpearError("invalid_request", "the session is failed");
	});
	try {
		await feed(fed, chunks(480), new HeardSpeech(), never);
		assert.unreachable();
	} catch (thrown) {
		assert.match(String(thrown), "the session is failed");
	}
	assert.equal(calls, []);
});

test("an interrupt leaves out the rest, and commits a turn that is open", async () => {
	const interrupt = new AbortController();
	const { calls, fed } = session(() => interrupt.abort());
	await feed(fed, chunks(48_000), new HeardSpeech(), interrupt.signal);
	assert.equal(calls, ["4800 bytes", "commit", "drain", "close"]);
});

test("a turn that the backend has ended is not committed", async () => {
	const interrupt = new AbortController();
	const heard = new HeardSpeech();
	heard.add({ type: "speech_started", speech_started: 0 });
	heard.add({ type: "speech_stopped", speech_stopped: 50 });
	const { calls, fed } = session(() => interrupt.abort());
	await feed(fed, chunks(9600), heard, interrupt.signal);
	assert.equal(calls, ["4800 bytes", "drain", "close"]);
});

test.run();
