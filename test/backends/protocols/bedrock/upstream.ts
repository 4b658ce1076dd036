import { bedrockConverse } from "../../../../src/backends/kinds/bedrock-converse/index.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { eventFrame, FRAMES } from "../../../transport/http/aws-frames.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "ABSK-canary-4b8e1d7c0a93f2";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(bedrockConverse, { model: "us.anthropic.claude-sonnet-4-6-v1:0", apiKey: KEY });

const USAGE = { inputTokens: 12, outputTokens: 40, totalTokens: 60, cacheReadInputTokens: 3, cacheWriteInputTokens: 5 };

/** The usage of every answer in the IR. */
export const IR_USAGE = { input_tokens: 20, output_tokens: 40, cached_input_tokens: 3, cache_write_tokens: 5 };

/** Returns a whole answer in the form of the API. */
export function wholeAnswer(content: readonly object[], more: object = {}): object {
	return {
		metrics: { latencyMs: 700 },
		output: { message: { content, role: "assistant" } },
		stopReason: "end_turn",
		usage: { ...USAGE, serverToolUsage: {} },
		...more,
	};
}

/** An event of a stream: its name and its payload. */
export type WireEvent = readonly [name: string, payload: object];

/** Returns the events of a stream with these blocks. Each is its beginning, if it has one, and its deltas. */
export function answerStream(
	blocks: readonly (readonly [start: object | undefined, ...deltas: object[]])[],
	stopReason = "end_turn",
): WireEvent[] {
	return [
		["messageStart", { p: "abcdefgh", role: "assistant" }],
		...blocks.flatMap(([start, ...deltas], contentBlockIndex): WireEvent[] => [
			...(start === undefined ? [] : [["contentBlockStart", { contentBlockIndex, p: "abc", start }] as const]),
			...deltas.map((delta) => ["contentBlockDelta", { contentBlockIndex, delta, p: "abcd" }] as const),
			["contentBlockStop", { contentBlockIndex, p: "ab" }],
		]),
		["messageStop", { p: "a", stopReason }],
		["metadata", { metrics: { latencyMs: 700 }, p: "abc", usage: USAGE }],
	];
}

/** Returns the bytes of a stream. */
export function wire(events: readonly WireEvent[]): Buffer {
	return Buffer.concat(events.map(([name, payload]) => eventFrame(name, payload)));
}

/** Sends a stream, each chunk by itself. */
export function streamed(chunks: Buffer | readonly Buffer[]): Behaviour {
	return answer.stream(chunks, FRAMES);
}
