import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { checkAnswerable, writeConversation } from "../../../kit/chat/conversation.ts";
import type { Content, GenerateContentRequest, Part, TextPart } from "./api.ts";
import { calledName } from "./function-name.ts";
import { functionResponse, mediaParts, modelParts, textParts } from "./message.ts";
import type { ChatOptions } from "./options.ts";

/**
 * Signature of a call that another model has made. The API documents it for conversations that it has not generated.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const PLACEHOLDER = "skip_thought_signature_validator";

/** Matches models that refuse a first call without a signature: those since Gemini 3, and names that stand for the latest. */
const DEMANDS_SIGNATURES = /(?:^|\/)gemini-(?![12](?:[.-]|$))/;

/**
 * Returns the conversation in the upstream's form: the system messages apart, and the results of parallel calls as one message. The API
 * accepts results only in the message that follows their calls.
 *
 * @param model Upstream's name of the model.
 * @throws SpearError `invalid_request`; `missing_capabilities` for a conversation that holds nothing else than system messages.
 */
export function history(
	conversation: readonly cchat.Message[],
	chat: ChatOptions,
	model: string,
): Pick<GenerateContentRequest, "contents" | "systemInstruction"> {
	const contents: Content[] = [];
	const system: TextPart[] = [];
	const names = new Map<string, string>();
	/** Results of the last calls. */
	let results: Part[] | undefined;
	const placeholder = DEMANDS_SIGNATURES.test(model) ? PLACEHOLDER : undefined;
	const add = (role: "user" | "model", parts: Part[]): void => {
		results = undefined;
		if (parts.length > 0) contents.push({ role, parts });
	};
	writeConversation(conversation, {
		system(message, path) {
			for (const part of textParts(message, path)) system.push(part);
		},
		user: (message, path) => add("user", mediaParts(message, path)),
		assistant(message, path) {
			for (const { id, name } of message.tool_calls) names.set(id, calledName(name));
			add("model", modelParts(message, path, { chat, placeholder }));
		},
		tool(message, path) {
			const result = functionResponse(message, path, { chat, names });
			if (results !== undefined) return void results.push(result);
			const parts: Part[] = [result];
			add("user", parts);
			results = parts;
		},
	});
	checkAnswerable(contents);
	return { contents, ...(system.length === 0 ? {} : { systemInstruction: { role: "user", parts: system } }) };
}
