import { ollama } from "../../../../src/backends/kinds/ollama/index.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "ollama-canary-7d2f6a1b9c04";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(ollama, { model: "qwen3", apiKey: KEY });

const AT = { model: "qwen3:8b", created_at: "2026-11-28T10:00:00.123456Z" };

const COUNTS = {
	total_duration: 4_883_583_458,
	load_duration: 1_334_875,
	prompt_eval_count: 26,
	prompt_eval_duration: 342_546_000,
	eval_count: 282,
	eval_duration: 4_535_599_000,
};

/** The usage of every complete answer in the IR. */
export const IR_USAGE = { input_tokens: 26, output_tokens: 282 };

/** Returns a whole answer in the form of the API. */
export function wholeAnswer(message: object, more: object = {}): object {
	return { ...AT, message: { role: "assistant", content: "", ...message }, done: true, done_reason: "stop", ...COUNTS, ...more };
}

/** Returns the lines of a stream: one for each message, then the last. */
export function streamLines(messages: readonly object[], end: object = {}): object[] {
	const lines = messages.map((message) => ({ ...AT, message: { role: "assistant", content: "", ...message }, done: false }));
	return [...lines, wholeAnswer({}, end)];
}

/** Returns the bytes of a stream. */
export function wire(lines: readonly object[]): Buffer {
	return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

export const NDJSON = { "content-type": "application/x-ndjson" };

/** Sends a complete stream, each chunk by itself. */
export function streamed(chunks: Buffer | readonly Buffer[]): Behaviour {
	return answer.stream(chunks, NDJSON);
}
