import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { demandedFeatures } from "../../../../generated/ir/operations.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { offeredFeatures } from "../../offered-features.ts";
import { stubAnswer } from "./cchat-answer.ts";
import { CHAT_RULES } from "./cchat-rules.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { refuseUnsupported } from "./refuse-unsupported.ts";
import { words } from "./words.ts";

/** The stub repeats the user's message, always with the same result, and calls one tool if the message asks for it. */
export const CHAT_CAPABILITIES: OperationCapabilities<"chat_completions"> = {
	transports: ["unary", "server_stream"],
	models: ["stub-chat"],
	features: offeredFeatures("chat_completions", CHAT_RULES),
	rules: CHAT_RULES,
};

/** `chat_completions` without a model. Unary and streamed answers take `delay_ms` per word. */
export function stubChat(options: StubOptions, closing: AbortSignal): ChatCompletionsBackend {
	async function* stream(request: cchat.Request, signal: AbortSignal): AsyncGenerator<cchat.Event, void, void> {
		const either = AbortSignal.any([signal, closing]);
		if (either.aborted) throw abortError(either);
		refuseUnsupported(demandedFeatures.chat_completions(request), CHAT_CAPABILITIES);
		const answer = stubAnswer(request);
		for (const event of deltas(answer)) {
			await pause(options.delayMs, either);
			yield event;
		}
		if (answer.usage !== undefined) yield { type: "usage", usage: answer.usage };
		yield { type: "completed", completed: answer };
	}
	return {
		async unary(envelope, { signal }) {
			for await (const event of stream(envelope.payload, signal)) {
				if (event.type === "completed") return event.completed;
			}
			throw new SpearError("internal", "the stub returned no answer");
		},
		stream: (envelope, { signal }) => stream(envelope.payload, signal),
	};
}

function* deltas({ message }: cchat.Response): Generator<cchat.Event, void, void> {
	for (const part of message.content) {
		if (part.type === "text") for (const text of words(part.text)) yield { type: "text", text };
	}
	for (const [index, { id, name, arguments: args }] of message.tool_calls.entries()) {
		yield { type: "tool_call", tool_call: { index, id, name, arguments: "" } };
		for (const fragment of words(args)) yield { type: "tool_call", tool_call: { index, arguments: fragment } };
	}
}
