import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as asr from "../../../generated/ir/asr.ts";
import { TranscriptPrinter } from "../../../src/cli/transcribe/transcript-printer.ts";

function printed(request: Pick<asr.Request, "timestamps" | "diarize">, ...events: asr.Event[]): string {
	let text = "";
	const printer = new TranscriptPrinter((part) => {
		text += part;
	}, request);
	for (const event of events) printer.add(event);
	return text;
}

const completed = (more: Partial<asr.Response>): asr.Event => ({
	type: "completed",
	completed: { text: "One two. Three.", segments: [], words: [], ...more },
});
const text = (part: string): asr.Event => ({ type: "text", text: part });
const segment = (start: number, end: number, words: string, speaker?: string): asr.Segment => ({
	start,
	end,
	text: words,
	...(speaker === undefined ? {} : { speaker }),
});
const word = (start: number, end: number, letters: string): asr.Word => ({ start, end, text: letters });

test("parts of a text are printed as they arrive, and the end of the line once", () => {
	assert.is(printed({}, text(" One"), text(" two.")), "One two.");
	assert.is(printed({}, text(" One"), text(" two."), completed({})), "One two.\n");
	assert.is(printed({}, completed({})), "One two. Three.\n");
	assert.is(printed({}, completed({ text: "" })), "");
});

test("segments are printed as they arrive, and the rest at the end", () => {
	const first = segment(0, 1.5, " One two.", "A");
	const second = segment(2, 3, " Three.", "B");
	const request: Pick<asr.Request, "timestamps"> = { timestamps: ["segment"] };
	assert.is(printed(request, text("One two."), { type: "segment", segment: first }), "[0.00–1.50] A: One two.\n");
	assert.is(
		printed(request, { type: "segment", segment: first }, completed({ segments: [first, second] })),
		"[0.00–1.50] A: One two.\n[2.00–3.00] B: Three.\n",
	);
});

test("words are printed below their segments, or alone", () => {
	const segments = [segment(0, 1.5, "One two."), segment(2, 3, "Three.")];
	const words = [word(0, 0.5, "One"), word(0.6, 1.5, "two."), word(2, 3, "Three.")];
	assert.is(
		printed({ timestamps: ["segment", "word"] }, completed({ segments, words })),
		"[0.00–1.50] One two.\n  [0.00–0.50] One\n  [0.60–1.50] two.\n[2.00–3.00] Three.\n  [2.00–3.00] Three.\n",
	);
	assert.is(printed({ timestamps: ["word"] }, completed({ words })), "  [0.00–0.50] One\n  [0.60–1.50] two.\n  [2.00–3.00] Three.\n");
});

test("a transcript without the times that were asked for is printed as text", () => {
	assert.is(printed({ timestamps: ["segment"] }, text("One two."), completed({})), "One two. Three.\n");
});

test("a transcript that failed ends its line", () => {
	let output = "";
	const printer = new TranscriptPrinter((part) => {
		output += part;
	}, {});
	printer.clear();
	printer.add(text("One"));
	printer.clear();
	assert.is(output, "One\n");
});

test.run();
