/** Ends of streams. No cut stream is reported as whole. */
import { test } from "uvu";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { chunk, usageChunk } from "../upstream.ts";
import { CUT, completes, data, fails, HELLO, lines, USAGE } from "./stream-cases.ts";

// A clean end without [DONE].
completes(
	"without its last event if finish reason and usage came",
	answer.stream(sse([HELLO, chunk({}, "stop"), usageChunk(USAGE)], { done: false })),
);
completes("if the finish reason comes after the usage", answer.stream(sse([HELLO, usageChunk(USAGE), chunk({}, "stop")], { done: false })));
completes(
	"if one chunk has text, finish reason and usage",
	answer.stream(sse([{ ...chunk({ content: "Hello." }, "stop"), usage: USAGE }], { done: false })),
);
completes("if only its torn last event is missing", lines(`${data(HELLO)}${data(chunk({}, "stop"))}${data(usageChunk(USAGE))}data: [DO`));
fails("without finish reason, usage and last event", answer.stream(sse([HELLO], { done: false })), CUT);
fails("without usage and last event", answer.stream(sse([HELLO, chunk({}, "stop")], { done: false })), CUT);
fails("without finish reason and last event", answer.stream(sse([HELLO, usageChunk(USAGE)], { done: false })), CUT);
fails("if an empty finish reason and usage end it", answer.stream(sse([HELLO, chunk({}, ""), usageChunk(USAGE)], { done: false })), CUT);
fails(
	"if the word null as finish reason and usage end it",
	answer.stream(sse([HELLO, chunk({}, "null"), usageChunk(USAGE)], { done: false })),
	CUT,
);
fails("when its body ends within an event", lines(`${data(HELLO)}data: {"choices":[{"delta":{"cont`), CUT);
fails(
	"when its connection breaks, even after finish reason and usage",
	answer.cutOff(sse([HELLO, chunk({}, "stop"), usageChunk(USAGE)], { done: false })),
	CUT,
);
fails("when it is empty", lines(""), CUT, { text: "" });
fails("when it holds only comments and heartbeats", lines(": hi\n\ndata:\n\n"), CUT, { text: "" });

// The last event and its neighbours.
for (const end of ["data: [DONE] \n\n", "data:[DONE]\n\n", "data:  [DONE]\t\n\n", "data: [DONE]", "event: done\ndata: [DONE]\n\n"]) {
	completes(`when it ends with ${JSON.stringify(end)}`, lines(`${data(HELLO)}${data(chunk({}, "stop"))}${end}`));
}
for (const beat of [
	"data:\n\n",
	"data: \n\n",
	"data:  \t\n\n",
	"data\n\n",
	": OPENROUTER PROCESSING\n\n",
	"event: ping\n\n",
	"event: ping\ndata: {}\n\n",
]) {
	completes(
		`with the heartbeat ${JSON.stringify(beat)} anywhere`,
		lines(`${beat}${data(HELLO)}${beat}${beat}${data(chunk({}, "stop"))}${beat}data: [DONE]\n\n`),
	);
}
const PLAIN = `${data(HELLO)}event: chunk\nid: 1\nretry: 10\n${data(chunk({}, "stop"))}data: [DONE]\n\n`;
completes("with line ends CRLF", lines(PLAIN.replaceAll("\n", "\r\n")));
completes("with line ends CR", lines(PLAIN.replaceAll("\n", "\r")));
completes("after a byte order mark", lines(`\ufeff${PLAIN}`));
completes(
	"with JSON over several lines of data",
	lines(`${data(HELLO).replaceAll(",", ",\ndata:")}${data(chunk({}, "stop"))}data: [DONE]\n\n`),
);

test.run();
