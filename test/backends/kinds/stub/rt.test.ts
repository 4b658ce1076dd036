import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel } from "../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { cancelledError } from "../../../../src/errors/spear-error.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { contextOf } from "../../context.ts";

async function connect(
	payload: Partial<rt.Request> = {},
	more: { delayMs?: number; signal?: AbortSignal } = {},
): Promise<RealtimeVoiceChannel> {
	const backend = stub.create({ name: "stub", kind: "stub", models: [], options: { delay_ms: more.delayMs ?? 0 } });
	const connecting = backend.operations.realtime_voice?.connect(
		{
			version: 1,
			request_id: "r1",
			operation: "realtime_voice",
			meta: {},
			routing: { allowlist: [], denylist: [], preferred: [] },
			requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
			payload: { mode: "conversation", tools: [], ...payload },
			provider_options: {},
		},
		contextOf(more.signal === undefined ? {} : { signal: more.signal }),
	);
	if (connecting === undefined) throw new Error("the stub serves no sessions");
	return connecting;
}

/** Returns short forms of the events of a session that was drained and closed. */
async function session(channel: RealtimeVoiceChannel, ...inputs: Parameters<RealtimeVoiceChannel["send"]>[0][]): Promise<string[]> {
	const events = (async () => {
		const shown: string[] = [];
		for await (const event of channel.events) shown.push(short(event));
		return shown;
	})();
	for (const input of inputs) await channel.send(input);
	await channel.drain();
	await channel.close();
	return events;
}

function short(event: rt.Event): string {
	switch (event.type) {
		case "audio":
			return `audio of ${event.audio.audio.byteLength}`;
		case "text":
			return `text ${event.text.text}`;
		case "output_transcript":
			return `said ${event.output_transcript.text}`;
		case "input_transcript_done":
			return `heard ${event.input_transcript_done.text}`;
		case "tool_call":
			return `call ${event.tool_call.id} ${event.tool_call.name} ${event.tool_call.arguments}`;
		default:
			return event.type;
	}
}

const AUDIO = { type: "append_audio", audio: new Uint8Array(960) } as const;

test("the stub answers a commit with the number of bytes and a tone of 200 ms", async () => {
	assert.equal(await session(await connect(), AUDIO, { type: "clear" }, AUDIO, AUDIO, { type: "commit" }), [
		"response_started",
		"said stub",
		"said  heard",
		"said  1920",
		"said  bytes",
		"audio of 9600",
		"response_done",
	]);
});

test("the stub's tone is 440 Hz at the rate of pcm16", async () => {
	const channel = await connect();
	const events = channel.events[Symbol.asyncIterator]();
	await channel.send({ type: "commit" });
	for (;;) {
		const { value } = await events.next();
		if (value?.type !== "audio") continue;
		const samples = new Int16Array(new Uint8Array(value.audio.audio).buffer);
		const rises = samples.filter((sample, index) => sample > 0 && (samples[index - 1] ?? 0) <= 0).length;
		assert.is(rises, 440 / 5);
		break;
	}
	await channel.close();
});

test("the stub answers a text, or calls the tool that the text names and answers its result", async () => {
	const channel = await connect({ tools: [{ name: "add", parameters: {} }] });
	assert.equal(
		await session(
			channel,
			{ type: "send_text", text: "hi" },
			{ type: "send_text", text: 'call add {"a":1}' },
			{ type: "send_tool_result", call_id: "stub-call-1", output: "3" },
		),
		[
			...["response_started", "text stub:", "text  you", "text  said", "text  hi", "response_done"],
			...["response_started", 'call stub-call-1 add {"a":1}', "response_done"],
			...["response_started", "text stub:", "text  tool", "text  said", "text  3", "response_done"],
		],
	);
	assert.equal(channel.report(), { usage: { output_tokens: 8 } });
});

test("a transcription session of the stub has only transcripts", async () => {
	assert.equal(await session(await connect({ mode: "transcription" }), AUDIO, { type: "commit" }, { type: "commit" }), [
		"input_transcript",
		"heard stub heard 960 bytes",
		"input_transcript",
		"heard stub heard 0 bytes",
	]);
});

test("cancel cuts off the stub's current answer", async () => {
	const channel = await connect({}, { delayMs: 20 });
	const events = channel.events[Symbol.asyncIterator]();
	await channel.send({ type: "send_text", text: "hi" });
	assert.is((await events.next()).value?.type, "response_started");
	assert.is((await events.next()).value?.type, "text");
	await channel.send({ type: "cancel" });
	assert.is((await events.next()).value?.type, "response_done");
	await channel.close();
});

test("an abort ends a session of the stub, during an answer and without one", async () => {
	for (const delayMs of [0, 10_000]) {
		const abort = new AbortController();
		const channel = await connect({}, { delayMs, signal: abort.signal });
		const events = channel.events[Symbol.asyncIterator]();
		if (delayMs > 0) await channel.send({ type: "send_text", text: "hi" });
		if (delayMs > 0) await events.next();
		const next = failure(events.next());
		abort.abort(cancelledError("given up"));
		assert.is((await next).message, "given up");
	}
});

test("the stub refuses turn detection and other formats by name", async () => {
	const vad = { type: "server_vad", server_vad: {} } as const;
	assert.is(
		(await failure(connect({ turn_detection: vad }))).message,
		"turn_detection: the stub does not detect turns, so it does not offer server_vad; use manual",
	);
	assert.is((await failure(connect({ output_format: "g711_ulaw" }))).message, "output_format: the stub generates pcm16, not g711_ulaw");
});

test.run();
