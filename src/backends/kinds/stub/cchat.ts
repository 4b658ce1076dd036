import { setTimeout as sleep } from "node:timers/promises";
import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { demandedFeatures, type Feature } from "../../../../generated/ir/operations.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { stubAnswer } from "./cchat-answer.ts";
import type { StubOptions } from "./options.ts";
import { words } from "./words.ts";

/** What the stub truly does: it repeats itself exactly, and asks for tools when told to, one at a time. */
export const CHAT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	models: ["stub-chat"],
	features: ["supports_seed", "supports_tools"],
	downgrades: [
		"temperature, top_p, presence_penalty and frequency_penalty have no effect",
		"only text and tool results are looked at; parts of an assistant's message other than text, names and is_error are not",
	],
};

/** `chat_completions` without a model. Unary or streamed, an answer takes `delay_ms` a word. */
export function stubChat(options: StubOptions, closing: AbortSignal): ChatCompletionsBackend {
	async function* stream(request: cchat.Request, signal: AbortSignal): AsyncGenerator<cchat.Event, void, void> {
		const either = AbortSignal.any([signal, closing]);
		if (either.aborted) throw abortError(either);
		refuseUnsupported(request);
		const answer = stubAnswer(request);
		for (const event of pieces(answer)) {
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
			throw new SpearError("internal", "the stub gave no answer");
		},
		stream: (envelope, { signal }) => stream(envelope.payload, signal),
	};
}

function* pieces({ message }: cchat.Response): Generator<cchat.Event, void, void> {
	for (const part of message.content) {
		if (part.type === "text") for (const text of words(part.text)) yield { type: "text", text };
	}
	for (const [index, { id, name, arguments: args }] of message.tool_calls.entries()) {
		yield { type: "tool_call", tool_call: { index, id, name, arguments: "" } };
		for (const piece of words(args)) yield { type: "tool_call", tool_call: { index, arguments: piece } };
	}
}

function refuseUnsupported(request: cchat.Request): void {
	const offered = new Set<Feature>(CHAT_CAPABILITIES.features);
	const missing = [...demandedFeatures.chat_completions(request)].filter((feature) => !offered.has(feature));
	if (missing.length > 0) throw new SpearError("missing_capabilities", `the stub does not offer ${missing.join(", ")}`);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms === 0 && !signal.aborted) return;
	try {
		await sleep(ms, undefined, { signal });
	} catch {
		throw abortError(signal);
	}
}
