import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CuttingRules, SpeechCutter, type SpeechEvent } from "../../../../../src/backends/protocols/local/asr/speech-cutter.ts";

/** Rules in whole windows of 32 ms: two of speech, ten of silence, three before speech, 100 in a segment. */
const RULES: CuttingRules = { minSpeechMs: 64, silenceMs: 320, prefixMs: 96, maxSegmentMs: 3200 };

/** An event without samples. The numbers of the windows whose samples a segment has stand for its times. */
type Seen = Exclude<SpeechEvent, { type: "segment" }> | readonly [from: number, to: number];

/** Returns the sample of a window: loud for `s`, and almost silent for others, with the number of the window. */
const sampleOf = (letter: string | undefined, window: number): number => (letter === "s" ? 0.5 : 0) + (window + 1) / 100_000;

/** Cuts sound. Each letter is a window: `s` is loud speech, `q` quiet speech, `.` is no speech. */
function cut(sound: string, rules: Partial<CuttingRules> = {}): Seen[] {
	const cutter = new SpeechCutter({ ...RULES, ...rules });
	const events = [...sound].flatMap((letter, window) => cutter.add(new Float32Array(512).fill(sampleOf(letter, window)), letter !== "."));
	return [...events, ...cutter.end()].map((event) => {
		if (event.type !== "segment") return event;
		const { startMs, endMs, samples } = event;
		const [from, to] = [startMs / 32, endMs / 32];
		const windows = [...sound].map((letter, window) => Math.fround(sampleOf(letter, window))).slice(from, to);
		assert.is(samples.length, windows.length * 512);
		assert.equal([...samples.filter((_, index) => index % 512 === 0)], windows);
		return [from, to];
	});
}

const segments = (seen: readonly Seen[]): Seen[] => seen.filter((event) => "0" in event);
const types = (seen: readonly Seen[]): string[] => seen.map((event) => ("type" in event ? event.type : "segment"));

const silence = (windows: number): string => ".".repeat(windows);
const speech = (windows: number): string => "s".repeat(windows);

test("silence has no events", () => {
	assert.equal(cut(silence(1000)), []);
});

test("speech is a segment with the sound before and behind it", () => {
	assert.equal(cut(`${silence(50)}${speech(20)}${silence(50)}`), [
		{ type: "speech-started", atMs: 47 * 32 },
		{ type: "speech-stopped", atMs: 70 * 32 },
		[47, 76],
	]);
});

test("speech at the beginning and at the end of the sound is whole", () => {
	assert.equal(cut(speech(20)), [{ type: "speech-started", atMs: 0 }, { type: "speech-stopped", atMs: 640 }, [0, 20]]);
});

test("a sound that is shorter than the shortest speech is none", () => {
	assert.equal(cut(`${silence(20)}s${silence(20)}s${silence(20)}`), []);
	assert.is(cut(`${silence(20)}ss${silence(20)}`).length, 3);
});

test("a pause that is shorter than the silence is within the segment, a longer one is not", () => {
	assert.equal(segments(cut(`${speech(5)}${silence(9)}${speech(5)}`)), [[0, 19]]);
	const apart = cut(`${speech(5)}${silence(10)}${speech(5)}`);
	assert.equal(types(apart), ["speech-started", "speech-stopped", "segment", "speech-started", "speech-stopped", "segment"]);
	assert.equal(segments(apart), [
		[0, 11],
		[12, 20],
	]);
});

test("long speech is cut at the quietest place of the last third, and nothing is lost", () => {
	const seen = cut(`${speech(30)}q${speech(49)}qqqqq${speech(65)}${silence(20)}`);
	assert.equal(types(seen), ["speech-started", "segment", "speech-stopped", "segment"]);
	assert.equal(segments(seen), [
		[0, 82],
		[82, 156],
	]);
});

test("speech without a quiet place is cut all the same", () => {
	const found = segments(cut(speech(1000))).map((segment) => ("0" in segment ? segment : [0, 0]));
	for (const [index, [from = 0, to = 0]] of found.entries()) {
		assert.ok(to - from <= 100, `${to - from} windows`);
		assert.is(from, found[index - 1]?.[1] ?? 0);
	}
	assert.is(found.at(-1)?.[1], 1000);
});

test("a cut within the last pause leaves no segment of silence", () => {
	const seen = cut(`${speech(70)}${silence(40)}`, { silenceMs: 35 * 32 });
	assert.equal(types(seen), ["speech-started", "segment", "speech-stopped"]);
});

test.run();
