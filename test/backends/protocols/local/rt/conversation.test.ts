/** Sessions that converse: order of events, interruption, tools, failures of the chat backend, and ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { type Chat, conversation, endSessions, textsOf } from "./session.ts";
import { audioOf, standInEngines } from "./stand-in-engines.ts";

const MANUAL = { turn_detection: { type: "manual" } } as const;
const COMMIT = { type: "commit" } as const;
const TOOL = { name: "weather", description: "Tells the weather.", parameters: { type: "object" } };

/** Twenty characters, which the stand-in speaks in 200 ms. */
const SENTENCE = "All is well with it. ";

test.after.each(endSessions);

/** Says two sentences, then more once `release` was called. */
function waiting(): { readonly chat: Chat; readonly release: () => void; readonly left: Promise<void> } {
	const gate = Promise.withResolvers<void>();
	const left = Promise.withResolvers<void>();
	return {
		release: gate.resolve,
		left: left.promise,
		chat: async function* (_, signal) {
			try {
				yield `${SENTENCE}${SENTENCE}`;
				yield "And more";
				await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))]);
				yield " follows.";
			} finally {
				left.resolve();
			}
		},
	};
}

test("a turn of speech is answered in sentences, each with its text before its audio", async () => {
	const session = await conversation({
		request: { transcription_model: "toy-ears", instructions: "Be brief.", voice: "ben" },
		chat: async function* () {
			yield "Hello";
			yield " there. How are";
			yield " you?";
		},
	});
	await session.send(audioOf(-100, 1, 2, -600));
	assert.equal(await session.drained(), [
		"speech_started 100",
		"speech_stopped 900",
		'heard input-1 "w1 w2"',
		'transcript input-1 "w1 w2"',
		"response_started response-1",
		'says answer-1 "Hello there. "',
		"audio answer-1 130 ms",
		'says answer-1 "How are you?"',
		"audio answer-1 120 ms",
		"response_done response-1",
	]);
	assert.equal(session.asked.map(textsOf), [["system: Be brief.", "user: w1 w2"]]);
	assert.equal(session.engines.spoken, ["ben: Hello there. ", "ben: How are you?"]);
	assert.equal(session.channel.report(), { usage: { input_tokens: 3, output_tokens: 2 } });
});

test("the input has no transcript unless a transcription model is named", async () => {
	const session = await conversation();
	await session.send(audioOf(1, -600));
	assert.equal((await session.drained()).slice(0, 3), ["speech_started 0", "speech_stopped 400", "response_started response-1"]);
});

test("a text is answered, and the conversation goes on", async () => {
	const session = await conversation({ request: MANUAL, chatModel: "small" });
	await session.send({ type: "send_text", text: "one" });
	await session.until("response_done response-1");
	await session.send(audioOf(2), COMMIT);
	await session.drained();
	assert.equal(session.asked.map(textsOf), [["user: one"], ["user: one", "assistant: You said user: one.", "user: w2"]]);
	assert.equal(
		session.asked.map(({ model }) => model),
		["small", "small"],
	);
});

test("without a configured model, the router chooses it", async () => {
	const session = await conversation();
	await session.send({ type: "send_text", text: "one" });
	await session.drained();
	assert.equal(Object.keys(session.asked[0] ?? {}), ["messages", "tools"]);
});

test("a commit without recognized speech is a warning instead of a response", async () => {
	const session = await conversation({ request: MANUAL });
	await session.send(audioOf(-200), COMMIT);
	assert.equal(await session.drained(), ["warning invalid_request: commit: no speech was recognized in the audio, so no response follows"]);
});

test("speech interrupts the answer at once: no audio follows, and the request for the answer is cancelled", async () => {
	const { chat, left } = waiting();
	const session = await conversation({ chat, leadMs: 100 });
	await session.send({ type: "send_text", text: "one" });
	await session.until("audio");
	await session.send(audioOf(1));
	await session.until("speech_started");
	await left;
	await session.send(audioOf(-600));
	await session.until("response_started response-2");
	const events = session.seen.slice(0, session.seen.indexOf("response_started response-2"));
	assert.equal(
		events.filter((event) => !event.startsWith("says") && !event.startsWith("audio")),
		["response_started response-1", "speech_started 0", "response_done response-1", "speech_stopped 400"],
	);
	assert.ok(events.findLastIndex((event) => event.startsWith("audio")) < events.indexOf("speech_started 0"));
});

test("an interrupted answer stays in the conversation up to the part that was heard", async () => {
	const session = await conversation({ chat: waiting().chat });
	await session.send({ type: "send_text", text: "one" });
	await session.untilAudio(420);
	// All audio of two sentences is sent at once, and a listener has heard the beginning of it at most.
	await session.send({ type: "cancel" }, { type: "send_text", text: "two" });
	await session.until("response_started response-2");
	const texts = textsOf(session.asked[1]).filter((text) => !text.startsWith("assistant"));
	assert.equal(texts, ["user: one", "user: two"]);
	const heard = textsOf(session.asked[1]).find((text) => text.startsWith("assistant")) ?? "assistant: ";
	assert.ok(`assistant: ${SENTENCE}`.startsWith(heard), heard);
});

test("truncate keeps the words up to its time", async () => {
	const session = await conversation({ chat: waiting().chat, leadMs: 1000 });
	await session.send({ type: "send_text", text: "one" });
	await session.untilAudio(420);
	await new Promise((resolve) => setTimeout(resolve, 450));
	await session.send({ type: "truncate", item_id: "answer-1", audio_end_ms: 300 }, { type: "send_text", text: "two" });
	await session.until("response_started response-2");
	assert.equal(textsOf(session.asked[1]), ["user: one", "assistant: All is well with it. All is", "user: two"]);
});

test("an answer that has ended can be truncated, and one that never was cannot", async () => {
	const session = await conversation({
		chat: async function* () {
			yield SENTENCE;
		},
	});
	await session.send({ type: "send_text", text: "one" });
	await session.until("response_done");
	await session.send(
		{ type: "truncate", item_id: "answer-1", audio_end_ms: 100 },
		{ type: "truncate", item_id: "x\u0007", audio_end_ms: 1 },
	);
	await session.send({ type: "send_text", text: "two" });
	const events = await session.drained();
	assert.ok(events.includes('warning invalid_request: truncate: the conversation has no answer "x\\u0007"'), events.join("\n"));
	assert.equal(textsOf(session.asked[1]), ["user: one", "assistant: All is", "user: two"]);
});

test("cancel ends the answer within 100 ms, in the middle of a sentence", async () => {
	const session = await conversation({
		leadMs: 50,
		chat: async function* () {
			yield "A long sentence that goes on and on. ".repeat(20);
		},
	});
	await session.send({ type: "send_text", text: "one" });
	await session.until("audio");
	const at = performance.now();
	await session.send({ type: "cancel" });
	await session.until("response_done");
	assert.ok(performance.now() - at < 100);
	assert.is(session.seen.at(-1), "response_done response-1");
	await session.channel.drain();
	assert.is(session.seen.at(-1), "response_done response-1");
});

test("an answer does not run ahead of its listener", async () => {
	const session = await conversation({
		leadMs: 300,
		chat: async function* () {
			yield SENTENCE.repeat(10);
		},
	});
	const at = performance.now();
	await session.send({ type: "send_text", text: "one" });
	await session.until("response_started");
	await new Promise((resolve) => setTimeout(resolve, 100));
	const ms = session.audioMs;
	const most = performance.now() - at + 300 + 100;
	assert.ok(ms > 0 && ms <= most, `${ms} of ${most} ms`);
	// The voice is one sentence ahead of the audio that was sent.
	assert.ok(session.engines.spoken.length <= ms / 210 + 3, `${session.engines.spoken.length} sentences`);
});

test("an answer waits for a slow reader", async () => {
	const session = await conversation({
		chat: async function* () {
			yield SENTENCE.repeat(100);
		},
	});
	session.pause();
	await session.send({ type: "send_text", text: "one" });
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.ok(session.engines.spoken.length <= 4, `${session.engines.spoken.length} sentences`);
	session.resume();
	await session.drained();
	assert.is(session.engines.spoken.length, 100);
});

test("texts during an answer are answered together after it", async () => {
	const { chat, release } = waiting();
	const session = await conversation({ chat });
	await session.send({ type: "send_text", text: "one" });
	await session.until("audio");
	await session.send({ type: "send_text", text: "two" }, { type: "send_text", text: "three" });
	assert.is(session.asked.length, 1);
	release();
	await session.drained();
	assert.equal(textsOf(session.asked[1]), ["user: one", `assistant: ${SENTENCE}${SENTENCE}And more follows.`, "user: two", "user: three"]);
	assert.is(session.asked.length, 2);
});

test("no answer starts while the speaker goes on", async () => {
	const session = await conversation();
	await session.send(audioOf(1));
	await session.until("speech_started");
	await session.send({ type: "send_text", text: "typed" });
	assert.is(session.asked.length, 0);
	await session.send(audioOf(-600));
	await session.drained();
	assert.equal(session.asked.map(textsOf), [["user: typed", "user: w1"]]);
});

test("speech without words leaves the floor to the answer that waits", async () => {
	const engines = standInEngines();
	const session = await conversation({ engines });
	await session.send(audioOf(1));
	await session.until("speech_started");
	await session.send({ type: "send_text", text: "typed" });
	engines.recognition.recognize = async () => "";
	await session.send(audioOf(-600));
	await session.drained();
	assert.equal(session.asked.map(textsOf), [["user: typed"]]);
});

test("tools are passed on, calls are events, and their results are answered once all are there", async () => {
	const session = await conversation({
		request: { tools: [TOOL] },
		chat: async function* (request) {
			if (request.messages.length > 1) yield "Sunny.";
			else {
				yield "Let me see.";
				yield { id: "c1", name: "weather", arguments: '{"city":"Oslo"}' };
				yield { id: "c2", name: "weather", arguments: "{}" };
			}
		},
	});
	await session.send({ type: "send_text", text: "weather?" });
	await session.until("response_done response-1");
	assert.equal(
		session.seen.filter((event) => event.startsWith("tool_call")),
		['tool_call c1 weather {"city":"Oslo"}', "tool_call c2 weather {}"],
	);
	await session.channel.drain();
	await session.send({ type: "send_tool_result", call_id: "c2", output: "warm" });
	assert.is(session.asked.length, 1);
	await session.send({ type: "send_tool_result", call_id: "c1", output: "cold" });
	await session.drained();
	assert.equal(
		session.asked.map(({ tools }) => tools),
		[[TOOL], [TOOL]],
	);
	assert.equal(textsOf(session.asked[1]), ["user: weather?", "assistant: Let me see.[weather][weather]", "tool: cold", "tool: warm"]);
	assert.equal(
		session.asked[1]?.messages.slice(2).map(({ tool_call_id }) => tool_call_id),
		["c1", "c2"],
	);
});

test("a conversation that goes on without a tool's result says so to the model", async () => {
	const session = await conversation({
		request: { tools: [TOOL] },
		chat: async function* (request) {
			if (request.messages.length > 1) yield "Fine.";
			else yield { id: "c1", name: "weather", arguments: "{}" };
		},
	});
	await session.send({ type: "send_text", text: "weather?" });
	await session.until("response_done response-1");
	await session.send({ type: "send_text", text: "never mind" });
	await session.drained();
	assert.equal(textsOf(session.asked[1]).slice(1), [
		"assistant: [weather]",
		"tool: The call has no result: the conversation went on without it.",
		"user: never mind",
	]);
	assert.is(session.asked[1]?.messages[2]?.is_error, true);
	await session.send({ type: "send_tool_result", call_id: "c9", output: "" });
	assert.is((await session.drained()).at(-1), 'warning invalid_request: send_tool_result: no call "c9" waits for a result');
});

test("a failure of the chat backend in the middle of an answer is a warning after what was said", async () => {
	const session = await conversation({
		chat: async function* () {
			yield "It is fine. And";
			throw new SpearError("backend_error", "the upstream broke");
		},
	});
	await session.send({ type: "send_text", text: "one" });
	assert.equal(await session.drained(), [
		"response_started response-1",
		'says answer-1 "It is fine. "',
		"audio answer-1 120 ms",
		'says answer-1 "And"',
		"audio answer-1 30 ms",
		"warning backend_error: the upstream broke",
		"response_done response-1",
	]);
	await session.send({ type: "send_text", text: "two" });
	await session.until("response_started response-2");
	assert.equal(textsOf(session.asked[1]), ["user: one", "assistant: It is fine. And", "user: two"]);
});

test("a failure of the voice is a warning, and cancels the request for the answer", async () => {
	const engines = standInEngines();
	const { chat, left } = waiting();
	engines.onSpeak = () => {
		throw new SpearError("backend_error", "the engine of text to speech ended");
	};
	const session = await conversation({ engines, chat });
	await session.send({ type: "send_text", text: "one" });
	assert.equal(await session.drained(), [
		"response_started response-1",
		"warning backend_error: the engine of text to speech ended",
		"response_done response-1",
	]);
	await left;
});

test("an abort during an answer ends it, the request for it and every wait", async () => {
	const { chat, left } = waiting();
	const session = await conversation({ chat, leadMs: 10 });
	await session.send({ type: "send_text", text: "one" });
	await session.until("audio");
	const draining = session.channel.drain();
	session.abort.abort(new SpearError("cancelled", "the host shuts down"));
	await Promise.all([session.ended, draining, left]);
	assert.equal([session.failure?.message, session.engines.held], ["the host shuts down", 0]);
});

test("a close during an answer ends the session in order", async () => {
	const { chat, left } = waiting();
	const session = await conversation({ chat, leadMs: 10 });
	await session.send({ type: "send_text", text: "one" });
	await session.until("audio");
	await session.channel.close();
	await Promise.all([session.ended, left]);
	assert.equal([session.failure, session.engines.held], [undefined, 0]);
});

test("answers have the output format of the session", async () => {
	for (const output_format of ["g711_ulaw", "g711_alaw"] as const) {
		const session = await conversation({
			request: { output_format },
			chat: async function* () {
				yield "0123456789";
			},
		});
		await session.send({ type: "send_text", text: "one" });
		await session.drained();
		// 100 ms of 8 kHz, as the texts of the events count pcm16.
		assert.ok(session.seen.includes(`audio answer-1 ${800 / 48} ms`), session.seen.join("\n"));
	}
});

test.run();
