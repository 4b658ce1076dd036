import { anthropic } from "../../../../src/backends/kinds/anthropic/index.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "sk-ant-canary-4b8e1d7c0a93";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(anthropic, { model: "claude", apiKey: KEY });

/** Returns a whole message in the form of the API. */
export function wholeMessage(content: readonly object[], more: object = {}): object {
	return {
		id: "msg_01",
		type: "message",
		role: "assistant",
		model: "claude-sonnet-5-5",
		content,
		stop_reason: "end_turn",
		stop_sequence: null,
		stop_details: null,
		container: null,
		diagnostics: null,
		usage: USAGE,
		...more,
	};
}

const USAGE = {
	input_tokens: 12,
	cache_creation_input_tokens: 5,
	cache_read_input_tokens: 3,
	output_tokens: 40,
	output_tokens_details: { thinking_tokens: 9 },
	service_tier: "standard",
};

/** The usage of {@link wholeMessage} in the IR. */
export const IR_USAGE = { input_tokens: 20, output_tokens: 40, cached_input_tokens: 3, reasoning_tokens: 9, cache_write_tokens: 5 };

/** An event of a stream. The member `type` is the event's name too. */
export type WireEvent = { readonly type: string; readonly [name: string]: unknown };

/** Returns the events of a stream with these blocks: each is its beginning and its deltas. */
export function messageStream(blocks: readonly (readonly [start: object, ...deltas: object[]])[], end: object = {}): WireEvent[] {
	return [
		{
			type: "message_start",
			message: wholeMessage([], { stop_reason: null, usage: { ...USAGE, output_tokens: 1, output_tokens_details: null } }),
		},
		{ type: "ping" },
		...blocks.flatMap(([content_block, ...deltas], index): WireEvent[] => [
			{ type: "content_block_start", index, content_block },
			...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
			{ type: "content_block_stop", index },
		]),
		{
			type: "message_delta",
			delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null, container: null, ...end },
			usage: { input_tokens: null, output_tokens: 40, output_tokens_details: { thinking_tokens: 9 } },
		},
		{ type: "message_stop" },
	];
}

/** Returns the bytes of a stream. */
export function wire(events: readonly WireEvent[]): Buffer {
	return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}
