/** Parts of a session: stable words, sentences, the conversation as the chat backend receives it, and the text that was heard. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Agreement } from "../../../../../src/backends/protocols/local/rt/agreement.ts";
import { AudioInput } from "../../../../../src/backends/protocols/local/rt/audio-input.ts";
import { History } from "../../../../../src/backends/protocols/local/rt/history.ts";
import { SentenceSplitter } from "../../../../../src/backends/protocols/local/rt/sentence-splitter.ts";
import { SpeechSamples } from "../../../../../src/backends/protocols/local/rt/speech-samples.ts";
import { SpokenAnswer } from "../../../../../src/backends/protocols/local/rt/spoken-answer.ts";
import { assertLinear } from "../../../../helpers/growth.ts";
import { textsOf } from "./session.ts";

/** Returns the words that become stable with each version, and those of the final one. */
function stable(versions: readonly string[], final: string): string[] {
	const agreement = new Agreement();
	return [...versions.map((version) => agreement.add(version)), agreement.finish(final, new Agreement())].map((words) => words.join(" "));
}

test("words are stable once two versions agree on them, and the last word of a version never is", () => {
	assert.equal(stable(["The", "The quick", "The quick brown", "The quick brown fox jumps"], "The quick brown fox jumps."), [
		"",
		"",
		"The",
		"quick",
		"brown fox jumps.",
	]);
});

test("a version that changes stable words continues after their counterpart", () => {
	assert.equal(stable(["I saw a whale there", "I saw a whale there today"], "I saw the whale there today."), [
		"",
		"I saw a whale",
		"there today.",
	]);
	assert.equal(stable(["one two three four", "one two three four"], "Well, one, two three four five"), ["", "one two three", "four five"]);
	assert.equal(stable(["one two three", "one two three"], ""), ["", "one two", ""]);
});

test("stable words after a cut belong to the next part", () => {
	const first = new Agreement();
	first.add("one two three four five");
	assert.equal(first.add("one two three four five"), ["one", "two", "three", "four"]);
	const second = new Agreement();
	assert.equal(first.finish("one two", second), []);
	assert.equal(second.finish("three four five six", new Agreement()), ["five", "six"]);
});

test("comparing versions takes bounded time", () => {
	const long = (word: string): string => `${word} `.repeat(20_000);
	const at = performance.now();
	assert.equal(stable([long("a"), long("a")], long("b")).length, 3);
	assert.ok(performance.now() - at < 2000);
});

test("a text becomes sentences as soon as the next one begins, whatever its pieces", () => {
	const text = "Hello there. It costs 3.50 euros! Does it?  Yes";
	for (const size of [1, 2, 7, 100]) {
		const splitter = new SentenceSplitter();
		const found: string[] = [];
		for (let at = 0; at < text.length; at += size) found.push(...splitter.add(text.slice(at, at + size)));
		assert.equal([...found, ...splitter.end()], ["Hello there. ", "It costs 3.50 euros! ", "Does it?  ", "Yes"]);
	}
});

test("a long sentence is cut at clauses, else between words, and loses nothing", () => {
	for (const text of [`${"word ".repeat(40)}, ${"more ".repeat(60)}`, "x".repeat(1000), "🎉".repeat(500), "a, ".repeat(300)]) {
		const splitter = new SentenceSplitter();
		const pieces = [...splitter.add(text), ...splitter.end()];
		assert.is(pieces.join(""), text);
		assert.ok(Math.max(...pieces.map(({ length }) => length)) <= 640);
		assert.ok(pieces.every((piece) => piece.isWellFormed()));
	}
});

test("splitting takes time in proportion to the text, in one piece and in many", async () => {
	for (const unit of ["a", "a. ", "Dr. ", "\u0301", "\n"]) {
		const make = (size: number): string => unit.repeat(size / unit.length);
		await assertLinear({ name: `"${unit}" at once`, make, run: (text: string) => new SentenceSplitter().add(text), to: 1 << 12 });
		await assertLinear({
			name: `"${unit}" by characters`,
			make,
			run: (text: string) => {
				const splitter = new SentenceSplitter();
				for (const character of text) splitter.add(character);
			},
			from: 512,
			to: 1024,
		});
	}
});

test("the text that was heard ends within the sentence of its time, between words", () => {
	const answer = new SpokenAnswer();
	answer.add("One two three. ");
	answer.addAudio(1500);
	answer.add("🎉 ");
	answer.add("Four five. ");
	answer.addAudio(1000);
	assert.equal([answer.text, answer.isTruncated], ["One two three. 🎉 Four five.", false]);
	answer.truncate(2000);
	assert.equal([answer.text, answer.isTruncated], ["One two three. 🎉 Four", true]);
	answer.truncate(2400);
	assert.is(answer.text, "One two three. 🎉 Four");
	answer.truncate(1500);
	assert.is(answer.text, "One two three.");
	answer.truncate(0);
	assert.is(answer.text, "");
});

test("an announced sentence without audio was not heard", () => {
	const answer = new SpokenAnswer();
	answer.add("One. ");
	answer.addAudio(100);
	answer.add("Two. ");
	answer.truncate(100);
	assert.is(answer.text, "One.");
});

test("the oldest turns are forgotten beyond the bounds, and the instructions are not", () => {
	const history = new History("Be brief.");
	for (let turn = 0; turn < 100; turn++) {
		history.addUser(`${turn} ${"x".repeat(500)}`);
		history.addAnswer(`answer-${turn}`).spoken.add("y".repeat(500));
	}
	const texts = textsOf({ messages: history.messages, tools: [] }).map((text) => text.split(" ").slice(0, 2).join(" "));
	assert.is(texts.length, 1 + 2 * 23);
	assert.equal(texts.slice(0, 2), ["system: Be", "user: 77"]);
	assert.is(history.answer("answer-76"), undefined);
	assert.ok(history.answer("answer-99"));
});

test("a text beyond the bound is kept alone", () => {
	const history = new History(undefined);
	history.addUser("short");
	history.addUser("x".repeat(100_000));
	assert.equal(
		history.messages.map(({ content }) => content[0]?.type === "text" && content[0].text.length),
		[100_000],
	);
});

test("a conversation never begins with the results of forgotten calls", () => {
	const history = new History(undefined);
	for (let turn = 0; turn < 60; turn++) {
		history.addUser("x".repeat(300));
		const call = { id: `c${turn}`, name: "f", arguments: "{}" };
		history.addAnswer(`answer-${turn}`).message = { role: "assistant", content: [], tool_calls: [call] };
		assert.ok(history.addResult(call.id, "y".repeat(900)));
	}
	assert.is(history.messages[0]?.role, "user");
	assert.is(history.addResult("c0", "late"), false);
	assert.is(history.addResult("c59", "twice"), false);
});

test("long speech is cut at its quietest moment between 10 and 15 seconds", () => {
	const samples = new SpeechSamples();
	const speech = new Float32Array(16 * 16_000).fill(0.5);
	speech.fill(0.01, 12 * 16_000, 12.2 * 16_000);
	const parts = [0, 1, 2, 3].flatMap((part) => samples.add(speech.subarray(part * 64_000, (part + 1) * 64_000)));
	assert.is(parts.length, 1);
	assert.ok(Math.abs((parts[0]?.length ?? 0) / 16_000 - 12.1) <= 0.1);
	assert.is((parts[0]?.length ?? 0) + samples.take().length, 16 * 16_000);
	assert.is(samples.length, 0);
});

test("clear removes queued audio back to the last commit", () => {
	const input = new AudioInput({ minBytes: 2, maxBytes: 4, fullBytes: 8 });
	input.add(Uint8Array.of(1, 2, 3, 4, 5, 6));
	input.mark("commit");
	input.add(Uint8Array.of(7, 8, 9));
	input.clear();
	const steps = Array.from({ length: 5 }, () => input.next());
	assert.equal(steps, [
		{ type: "audio", audio: Uint8Array.of(1, 2, 3, 4) },
		{ type: "audio", audio: Uint8Array.of(5, 6) },
		{ type: "commit" },
		{ type: "clear" },
		undefined,
	]);
	assert.equal([input.bytes, input.hasStep, input.isFull], [0, false, false]);
});

test.run();
