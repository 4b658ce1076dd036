import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../../../generated/ir/rt.ts";
import { HeardSpeech } from "../../../../src/cli/transcribe/live/heard-speech.ts";
import { LivePrinter } from "../../../../src/cli/transcribe/live/live-printer.ts";

const CLEAR = "\r\u001b[K";
const draft = (item_id: string, text: string): rt.Event => ({ type: "input_transcript", input_transcript: { item_id, text } });
const done = (item_id: string, text: string): rt.Event => ({ type: "input_transcript_done", input_transcript_done: { item_id, text } });

/** Returns the texts that the events print, notes in angle brackets. */
function printed(columns: number | undefined, ...events: rt.Event[]): string[] {
	const texts: string[] = [];
	const printer = new LivePrinter({ out: (text) => texts.push(text), note: (text) => texts.push(`<${text}>`), columns });
	const heard = new HeardSpeech();
	for (const event of events) {
		heard.add(event);
		printer.add(event, heard);
	}
	return texts;
}

test("a terminal shows the draft of a turn, and replaces it by the complete turn", () => {
	assert.equal(printed(40, draft("a", "good"), draft("a", " day"), done("a", " Good day. ")), [
		`${CLEAR}good`,
		`${CLEAR}good day`,
		CLEAR,
		"Good day.\n",
	]);
});

test("notes stand above the draft", () => {
	const speech: rt.Event = { type: "speech_started", speech_started: 1240 };
	assert.equal(printed(40, draft("a", "good"), speech), [`${CLEAR}good`, CLEAR, "<speech from 1.2 s\n>", `${CLEAR}good`]);
});

test("a draft that is wider than the terminal shows its end in one line", () => {
	assert.equal(printed(12, draft("a", "one two\nthree four")), [`${CLEAR}…hree four`]);
});

test("without a terminal, complete turns alone are printed, and no empty one", () => {
	assert.equal(printed(undefined, draft("a", "good"), done("a", "Good."), done("b", " "), done("c", "\u001b[1m")), [
		"Good.\n",
		"\\x1b[1m\n",
	]);
});

test("the draft is that of all turns that are not complete, in their order", () => {
	assert.equal(printed(40, draft("a", "one"), draft("b", "two"), done("a", "One.")), [
		`${CLEAR}one`,
		`${CLEAR}one two`,
		CLEAR,
		"One.\n",
		`${CLEAR}two`,
	]);
});

test.run();
