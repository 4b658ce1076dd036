import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseCompletion } from "../../../../../src/backends/protocols/openai/cchat/response.ts";
import { chatEvents, DONE } from "../../../../../src/backends/protocols/openai/cchat/stream.ts";
import type { JsonTextAnswer, StreamedEvent } from "../../../../../src/transport/http/answer.ts";
import { HttpClient } from "../../../../../src/transport/http/client.ts";
import { RawJson, stringifyJson } from "../../../../../src/transport/http/raw-json.ts";
import { EventStreamDecoder } from "../../../../../src/transport/http/sse.ts";
import { answer, cut, OpenAiServer, sse } from "../../../../helpers/openai-server.ts";
import { collect } from "../../../chat-envelope.ts";
import { answerOf, chunk, completion, usageChunk } from "../upstream.ts";

const exchange = { target: "POST http://127.0.0.1/v1/chat/completions", hostname: "127.0.0.1", redact: (text: string) => text };

/** Texts with characters of every UTF-8 length and of every kind that JSON escapes. */
const pieces = fc.array(
	fc.string({
		unit: fc.constantFrom("a", " ", "é", "☃", "😀", '"', "\\", "\n", "\r", "\u0000", "\u2028", "data:"),
		minLength: 1,
		maxLength: 6,
	}),
	{ maxLength: 5 },
);

/** JSON text that parsing and printing would change. */
const raws = fc
	.constantFrom('{"a": 1.0,"a":2}', "[ 1,\t2e0 ]", '"\\u0041\\/"', '{"b":"}]\\"", "a":[{}, -0]}', "12345678901234567890", "true")
	.map(rawOf);

/** An item of an unknown type among the text of the content. */
const items = fc.uniqueArray(fc.tuple(fc.constantFrom("thinking", "tool_use", "ünknown"), raws), {
	selector: ([type]) => type,
	maxLength: 2,
});

/** An answer as the parts of its stream. */
const answers = fc.record({
	reasoning: pieces,
	content: pieces,
	items,
	refusal: pieces,
	annotations: fc.array(fc.oneof(fc.nat(9), raws), { maxLength: 3 }),
	members: fc.uniqueArray(fc.tuple(fc.constantFrom("reasoning_details", "context", "x-y.z"), raws), { selector: ([name]) => name }),
	calls: fc.array(fc.record({ name: fc.constantFrom("weather", "time"), pieces, extra: fc.option(raws) }), { maxLength: 3 }),
	finish: fc.constantFrom("stop", "length", "tool_calls", "content_filter", "odd"),
	usage: fc.option(fc.record({ prompt_tokens: fc.nat(9999), completion_tokens: fc.nat(9999), total_tokens: fc.nat(9999) })),
});

type Answer = typeof answers extends fc.Arbitrary<infer T> ? T : never;

function rawOf(text: string): RawJson {
	const raw = RawJson.from(Buffer.from(text));
	if (raw === undefined) throw new Error(`${text} is not JSON`);
	return raw;
}

const itemOf = ([type, value]: [string, RawJson]): RawJson => rawOf(`{ "value":${value.text},"type" : "${type}"}`);

const annotationOf = (given: number | RawJson): unknown =>
	given instanceof RawJson
		? rawOf(`{"type":"file","file":${given.text} }`)
		: { type: "url_citation", url_citation: { url: "https://a.example", start_index: given } };

function whole({ reasoning, content, items, refusal, annotations, members, calls, finish, usage }: Answer): object {
	const text = content.join("");
	const message = {
		reasoning_content: reasoning.join(""),
		content: items.length === 0 ? text || null : [...items.map(itemOf), ...(text === "" ? [] : [{ type: "text", text }])],
		refusal: refusal.join("") || null,
		...(annotations.length === 0 ? {} : { annotations: annotations.map(annotationOf) }),
		...Object.fromEntries(members),
		...(calls.length === 0
			? {}
			: {
					tool_calls: calls.map((call, index) => ({
						id: `call_${index}`,
						type: "function",
						function: { name: call.name, arguments: call.pieces.join("") },
						...(call.extra === null ? {} : { extra_content: call.extra }),
					})),
				}),
	};
	return completion(message, { finish_reason: finish, ...(usage === null ? {} : { usage }) });
}

function streamed({ reasoning, content, items, refusal, annotations, members, calls, finish, usage }: Answer, newline: string): Buffer {
	const chunks = [
		chunk({ role: "assistant", content: "" }),
		...reasoning.map((reasoning_content) => chunk({ reasoning_content })),
		...items.map((item) => chunk({ content: [itemOf(item)] })),
		...content.map((text, index) => chunk({ content: index % 2 === 0 ? text : [{ type: "text", text }] })),
		...refusal.map((text) => chunk({ refusal: text })),
		...annotations.map((given) => chunk({ annotations: [annotationOf(given)] })),
		...members.toReversed().map((member) => chunk(Object.fromEntries([member]))),
		...calls.flatMap((call, index) => [
			chunk({
				tool_calls: [
					{
						index,
						id: `call_${index}`,
						type: "function",
						function: { name: call.name, arguments: "" },
						...(call.extra === null ? {} : { extra_content: call.extra }),
					},
				],
			}),
			...call.pieces.map((text) => chunk({ tool_calls: [{ index, function: { arguments: text } }] })),
		]),
		chunk({}, finish),
		...(usage === null ? [] : [usageChunk(usage)]),
	];
	return sse(chunks.map(stringifyJson), { newline });
}

/** Returns an answer as the transport returns it. */
function parsed(value: object): JsonTextAnswer {
	const text = stringifyJson(value);
	return { value: JSON.parse(text), text, exchange };
}

async function* decoded(bytes: readonly Buffer[]): AsyncGenerator<StreamedEvent> {
	const decoder = new EventStreamDecoder(1_000_000);
	for (const piece of bytes) for (const event of decoder.push(piece)) yield { ...event, exchange };
	for (const event of decoder.end()) yield { ...event, exchange };
}

test("a stream completes with the unary response, however its bytes are cut", () =>
	fc.assert(
		fc.asyncProperty(answers, fc.constantFrom("\n", "\r\n"), fc.array(fc.nat(), { maxLength: 40 }), async (given, newline, at) => {
			const bytes = streamed(given, newline);
			const events = await collect(
				chatEvents(
					decoded(
						cut(
							bytes,
							at.map((offset) => offset % bytes.length),
						),
					),
					answerOf("small"),
				),
			);
			assert.equal(events.at(-1), { type: "completed", completed: parseCompletion(parsed(whole(given)), answerOf("small")) });
			const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
			assert.is(text, given.content.join(""));
		}),
		{ numRuns: 300 },
	));

test("a stream that arrives byte by byte over a socket completes with the unary response", async () => {
	const given: Answer = {
		reasoning: ["Hmm ", "😀"],
		content: ["Grüße, ", "☃\n"],
		items: [["thinking", rawOf('"\\u00fc"')]],
		refusal: [],
		annotations: [],
		members: [["reasoning_details", rawOf('[ {"data":"ü"} ]')]],
		calls: [{ name: "time", pieces: ['{"zone": "', 'Zürich"}'], extra: null }],
		finish: "tool_calls",
		usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
	};
	const bytes = streamed(given, "\n");
	const server = await OpenAiServer.start(answer.stream([...bytes].map((byte) => Buffer.of(byte))));
	const http = new HttpClient({ baseUrl: new URL(server.baseUrl) });
	const events = await collect(
		chatEvents(
			http.openStream({ method: "POST", path: "/chat/completions", json: {}, signal: new AbortController().signal }, DONE),
			answerOf("small"),
		),
	);
	assert.equal(events.at(-1), { type: "completed", completed: parseCompletion(parsed(whole(given)), answerOf("small")) });
	await http.close();
	await server.close();
});

test("a stream that is cut at any byte has no completed event", async () => {
	const given: Answer = {
		reasoning: ["r"],
		content: ["text"],
		items: [],
		refusal: [],
		annotations: [],
		members: [],
		calls: [{ name: "time", pieces: ["{}"], extra: null }],
		finish: "stop",
		usage: null,
	};
	const bytes = streamed(given, "\n");
	const end = bytes.indexOf("[DONE]") + "[DONE]".length;
	for (let length = 0; length < end; length++) {
		const server = decoded([bytes.subarray(0, length)]);
		let completed = false;
		try {
			for await (const event of chatEvents(server, answerOf("small"))) completed ||= event.type === "completed";
		} catch {
			// A cut is an error here, or in the layer that misses the last event.
		}
		assert.not.ok(completed, `cut after ${length} bytes`);
	}
});

test.run();
