/** Live sound: events of speech as they come, their times, and ends of turns. The detector is a stand-in: loud windows are speech. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LiveSession, type LiveSettings } from "../../../../../src/backends/protocols/local/asr/live-session.ts";
import type { SpeechDetector } from "../../../../../src/backends/protocols/local/asr/sherpa.ts";
import type { SpeechEvent } from "../../../../../src/backends/protocols/local/asr/speech-cutter.ts";
import { muLawCode } from "../../../../../src/formats/g711.ts";
import { pcm16Of } from "../../../../../src/formats/pcm16.ts";

const RULES = { minSpeechMs: 96, silenceMs: 512, prefixMs: 320 };
const PCM16 = { encoding: "pcm", sampleRate: 16_000, channels: 1, sampleBytes: 2 } as const;

interface Live {
	readonly session: LiveSession;
	readonly resets: () => number;
}

function live(settings: Partial<LiveSettings> = {}): Live {
	let resets = 0;
	const detector: SpeechDetector = {
		isSpeech: (samples) => samples.some((sample) => Math.abs(sample) > 0.1),
		reset: () => {
			resets++;
		},
		free: () => {},
	};
	const session = new LiveSession({ form: PCM16, threshold: 0.5, rules: RULES, hasTurns: false, ...settings }, detector);
	return { session, resets: () => resets };
}

/** Returns windows of 32 ms: loud ones for `s`, quiet ones with sound for `q`, and silence for `.`. */
function windows(letters: string): Float32Array {
	const loudness: Readonly<Record<string, number>> = { s: 0.5, q: 0.05 };
	return Float32Array.from({ length: letters.length * 512 }, (_, index) => loudness[letters[Math.floor(index / 512)] ?? "."] ?? 0);
}

const bytes = (letters: string): Uint8Array => pcm16Of(windows(letters));

function shown(events: readonly SpeechEvent[]): string[] {
	return events.map((event) => {
		if (event.type === "speech") return `speech ${event.samples.length / 512}`;
		return event.type === "segment" ? "segment" : `${event.type} ${event.atMs}`;
	});
}

test("speech starts with the sound before it, goes on as it comes, and stops after a pause", () => {
	const { session } = live();
	assert.equal(shown(session.add(bytes(`${".".repeat(20)}ss`))), []);
	// Ten windows before the speech, and three of speech.
	assert.equal(shown(session.add(bytes("s"))), ["speech-started 320", "speech 13"]);
	assert.equal(shown(session.add(bytes("ss"))), ["speech 2"]);
	// Six windows after the speech belong to it. Sixteen end it.
	assert.equal(shown(session.add(bytes(".".repeat(15)))), ["speech 6"]);
	assert.equal(shown(session.add(bytes("."))), ["speech-stopped 800"]);
	assert.is(session.seconds, (41 * 32) / 1000);
});

test("a pause within speech is passed on once the speech goes on", () => {
	const { session } = live();
	assert.equal(shown(session.add(bytes(`sss${".".repeat(10)}`))), ["speech-started 0", "speech 9"]);
	assert.equal(shown(session.add(bytes("s"))), ["speech 5"]);
});

test("a click is no speech", () => {
	assert.equal(shown(live().session.add(bytes(`ss${".".repeat(10)}s${".".repeat(10)}`))), []);
});

test("sound that was passed on does not come again before the next speech", () => {
	const { session } = live({ rules: { ...RULES, prefixMs: 3200 } });
	const events = session.add(bytes(`sss${".".repeat(20)}sss${".".repeat(16)}`));
	assert.equal(shown(events), [
		"speech-started 0",
		"speech 9",
		"speech-stopped 96",
		// From the end of the sound that was passed on.
		"speech-started 288",
		"speech 23",
		"speech-stopped 832",
	]);
});

test("a flush ends the speech in progress at the end of the sound, and the times go on", () => {
	const { session, resets } = live();
	assert.equal(shown(session.add(bytes("ssss"))), ["speech-started 0", "speech 4"]);
	assert.equal(shown(session.flush()), ["speech 2", "speech-stopped 128"]);
	assert.is(resets(), 1);
	assert.equal(shown(session.add(bytes("....sss"))), ["speech-started 128", "speech 7"]);
	assert.is(session.seconds, (11 * 32) / 1000);
	assert.equal(shown(live().session.flush()), []);
});

test("a reset discards the speech in progress and a part of a sample", () => {
	const { session } = live();
	session.add(bytes("ssss"));
	session.add(Uint8Array.of(1));
	session.reset();
	assert.equal(shown(session.flush()), []);
	assert.equal(shown(session.add(bytes("sss"))), ["speech-started 128", "speech 3"]);
});

test("bytes may split samples and windows anywhere", () => {
	const { session } = live();
	const all = bytes(`....ssssss${".".repeat(20)}`);
	const events: SpeechEvent[] = [];
	for (let at = 0; at < all.length; at += 7) events.push(...session.add(all.subarray(at, at + 7)));
	const samples = events.reduce((sum, event) => sum + (event.type === "speech" ? event.samples.length : 0), 0);
	assert.equal([samples / 512, ...shown(events.filter(({ type }) => type !== "speech"))], [16, "speech-started 0", "speech-stopped 320"]);
});

test("a short turn with sound is speech although the detector finds none, and silence is not", () => {
	const { session } = live({ hasTurns: true });
	session.add(bytes("..qq.."));
	assert.equal(shown(session.flush()), ["speech-started 0", "speech 8", "speech-stopped 192"]);
	session.add(bytes("......"));
	assert.equal(shown(session.flush()), []);
	session.add(bytes("..q"));
	assert.equal(shown(session.flush()), ["speech-started 384", "speech 5", "speech-stopped 480"]);
	session.add(bytes("q".repeat(100)));
	assert.equal(shown(session.flush()), []);
});

test("telephone sound has the times of its own rate", () => {
	const { session } = live({ form: { encoding: "mu-law", sampleRate: 8000, channels: 1, sampleBytes: 1 } });
	const quiet = muLawCode(0);
	const loud = Uint8Array.from({ length: 8000 }, (_, index) => muLawCode(16_000 * Math.sin((2 * Math.PI * 440 * index) / 8000)));
	const events = session.add(Uint8Array.of(...new Uint8Array(8000).fill(quiet), ...loud, ...new Uint8Array(8000).fill(quiet)));
	const [started, stopped] = events.flatMap((event) => ("atMs" in event ? [event.atMs] : []));
	assert.ok(Math.abs((started ?? 0) - 680) <= 32, `${started}`);
	assert.ok(Math.abs((stopped ?? 0) - 2000) <= 64, `${stopped}`);
});

test.run();
