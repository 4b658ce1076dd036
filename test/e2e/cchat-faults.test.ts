import * as assert from "uvu/assert";
import { familyFaults } from "../helpers/family-faults.ts";
import { mediaComponent } from "../helpers/media-guest.ts";
import { answer, cut, sse } from "../helpers/openai-server.ts";

/** The fault table of chat, whole and streamed. `chat-over-http.test.ts` has the other tests of chat. */

const COMPLETION = {
	id: "c1",
	object: "chat.completion",
	model: "m1",
	choices: [{ index: 0, message: { role: "assistant", content: "Hi there" }, finish_reason: "stop" }],
};

function chunk(delta: unknown, finish: string | null = null): unknown {
	return { id: "c1", object: "chat.completion.chunk", model: "m1", choices: [{ index: 0, delta, finish_reason: finish }] };
}

const STREAM = sse([chunk({ role: "assistant", content: "Hi " }), chunk({ content: "there" }), chunk({}, "stop")]);
const OK = { ok: [{ tag: "text", val: "Hi there" }] };

familyFaults({
	operation: "chat_completions",
	component: mediaComponent,
	command: (options) => ({ do: "complete", options }),
	good: () => [answer.json(COMPLETION)],
	check: (outcome) => assert.equal(outcome, OK),
}).run();

familyFaults({
	operation: "chat_completions",
	component: mediaComponent,
	command: (options) => ({ do: "stream", options }),
	good: () => [answer.stream(cut(STREAM, [10, 40, 200]))],
	check: (outcome) => assert.equal(outcome, OK),
	json: false,
	faults: {
		"a body that is cut off": { behaviour: () => answer.cutOff(STREAM.subarray(0, -8)), code: "backend-error", retryable: true },
		"a stream that ends before its end": {
			behaviour: () => answer.stream(STREAM.subarray(0, -14)),
			code: "backend-error",
			retryable: true,
		},
		"an event that is not JSON": {
			behaviour: () => answer.stream(Buffer.from("data: {oops\n\n")),
			code: "backend-error",
			retryable: false,
		},
		"an error in the stream": {
			behaviour: () => answer.stream(sse([chunk({ content: "Hi" }), { error: { message: "Oops", type: "server_error" } }])),
			code: "backend-error",
			retryable: true,
		},
		"an event without end": {
			behaviour: () => answer.flood(Buffer.concat([Buffer.from("data: "), Buffer.alloc(1024 * 1024, "x")])),
			code: "backend-error",
			retryable: false,
		},
		"an answer that stalls": {
			behaviour: () => answer.stall(STREAM.subarray(0, 60)),
			code: "timeout",
			retryable: true,
			timeoutMs: 150,
		},
	},
}).run();
