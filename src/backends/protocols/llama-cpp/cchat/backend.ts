import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortable } from "../../../../async/abortable.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { CallIds } from "../../../kit/chat/call-ids.ts";
import { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { pushed } from "../../../kit/engine/pushed.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import type { Engine } from "../engine.ts";
import { Answer } from "./answer.ts";
import { generate } from "./generate.ts";
import { history, promptCharacters } from "./history.ts";
import { llamaRequest } from "./request.ts";
import { CHAT_RULES } from "./rules.ts";

export const CHAT_CAPABILITIES: Omit<OperationCapabilities<"chat_completions">, "models"> = {
	transports: ["unary", "server_stream"],
	features: offeredFeatures("chat_completions", CHAT_RULES),
	rules: CHAT_RULES,
};

/** `chat_completions` by a model in this process. Whole answers are collected from the stream. */
export function llamaChat(engine: Engine, config: InstanceConfig): ChatCompletionsBackend {
	async function answer(
		envelope: RequestEnvelope<"chat_completions">,
		push: (event: cchat.Event) => void,
		signal: AbortSignal,
		guest: string | undefined,
	): Promise<void> {
		const { payload, routing } = envelope;
		const downgrades = new RequestDowngrades();
		const request = llamaRequest(envelope, downgrades);
		const name = upstreamModel(config, "chat_completions", payload.model);
		const model = engine.model(name);
		const conversation = unguessable(routing.session_key);
		const prompt = { items: history(payload.messages), characters: promptCharacters(payload), conversation };
		const release = await model.queue.enter(signal, guest);
		const context = { model: name, provider: config.name, ids: new CallIds(payload.messages) };
		// The caller need not wait for the end of the current step. The next request must.
		await abortable(
			generate(model, prompt, request, new Answer(context, (event) => push(downgrades.inEvent(event))), signal).finally(release),
			signal,
		);
	}
	const stream: ChatCompletionsBackend["stream"] = (envelope, { signal, guest }) =>
		pushed((push, either) => answer(envelope, push, either, guest), AbortSignal.any([signal, engine.closing]));
	return {
		async unary(envelope, context) {
			for await (const event of stream(envelope, context)) {
				if (event.type === "completed") return event.completed;
			}
			throw new SpearError("internal", "the model returned no answer");
		},
		stream,
	};
}

/**
 * Returns a session key that ends with a UUID, as the host's own keys do. A guest may choose its key, and two guests may choose the same, so
 * other keys identify no conversation.
 */
function unguessable(key: string | undefined): string | undefined {
	return key !== undefined && /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(key) ? key : undefined;
}
