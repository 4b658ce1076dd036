/** A guest that does not read holds every family's upstream back within the host's bound. */
import { setImmediate as turn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { createAsr } from "../../src/hostcall/asr.ts";
import { createCchat } from "../../src/hostcall/cchat.ts";
import type { Call, GuestScope, Pipeline } from "../../src/hostcall/scope.ts";
import { createTransform } from "../../src/hostcall/transform.ts";
import { createTts } from "../../src/hostcall/tts.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";

const BUFFER_BYTES = 10_000;
const EVENT_BYTES = 1_000;
const TEXT = "x".repeat(EVENT_BYTES);

/** A scope whose upstream yields the same event for ever, and the number of events taken from it. */
function endlessScope(event: unknown): { readonly scope: GuestScope; readonly taken: () => number } {
	let taken = 0;
	const scope = scriptedScope([], { streamBufferBytes: BUFFER_BYTES });
	const stream: Pipeline["stream"] = async <O extends Operation>(_call: Call<O>) =>
		async function* (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"]> {
			while (!signal.aborted) {
				taken += 1;
				yield event as OperationMap[O]["event"];
			}
		};
	return { scope: { ...scope, pipeline: { ...scope.pipeline, stream } }, taken: () => taken };
}

/** The events taken once the stream makes no more progress. */
async function settled(taken: () => number): Promise<number> {
	for (let last = -1; last !== taken(); ) {
		last = taken();
		for (let i = 0; i < 50; i++) await turn();
	}
	return taken();
}

type Open = (scope: GuestScope) => Promise<Disposable>;

const CHAT: Open = (scope) => createCchat(scope).completeStream({ messages: [], tools: [] }, undefined);
const SPEAK = { text: { type: "text", text: "hello" } } as const;

const FAMILIES: readonly { readonly name: string; readonly event: unknown; readonly open: Open }[] = [
	{ name: "chat text", event: { type: "text", text: TEXT }, open: CHAT },
	{ name: "chat reasoning", event: { type: "reasoning", reasoning: TEXT }, open: CHAT },
	{ name: "chat refusals", event: { type: "refusal", refusal: TEXT }, open: CHAT },
	{ name: "chat tool calls", event: { type: "tool_call", tool_call: { index: 0, arguments: TEXT } }, open: CHAT },
	{
		name: "transcript text",
		event: { type: "text", text: TEXT },
		open: (scope) => createAsr(scope).transcribeStream({ audio: { type: "url", url: "https://a.test/a.wav" } }, undefined),
	},
	{
		name: "transcript segments",
		event: { type: "segment", segment: { text: TEXT, start_ms: 0, end_ms: 1 } },
		open: (scope) => createAsr(scope).transcribeStream({ audio: { type: "url", url: "https://a.test/a.wav" } }, undefined),
	},
	{
		name: "speech audio",
		event: { type: "audio", audio: new Uint8Array(EVENT_BYTES) },
		open: (scope) => createTts(scope).synthesizeStream({ input: SPEAK.text }, undefined),
	},
	{
		name: "transform items",
		event: { type: "text", text: TEXT },
		open: (scope) => createTransform(scope).callStream("chat_completions", { messages: [{ role: "user", content: [] }] }, undefined),
	},
];

for (const { name, event, open } of FAMILIES) {
	test(`${name} of a guest that does not read stay within the stream's bound in bytes`, async () => {
		const { scope, taken } = endlessScope(event);
		const stream = await open(scope);
		const count = await settled(taken);
		assert.ok(count * EVENT_BYTES >= BUFFER_BYTES, `${count} events were taken`);
		assert.ok(count <= BUFFER_BYTES / EVENT_BYTES + 1, `${count} events were taken`);
		stream[Symbol.dispose]();
	});
}

test.run();
