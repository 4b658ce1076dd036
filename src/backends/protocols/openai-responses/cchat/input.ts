import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { checkRole } from "../../../kit/chat/check-roles.ts";
import { answeredCall } from "../../../kit/chat/conversation.ts";
import { type CallIdForm, withUniqueCallIds } from "../../../kit/chat/history-call-ids.ts";
import { withCallNames } from "../../../kit/chat/history-call-names.ts";
import { inlineOf, urlOf } from "../../../kit/chat/media.ts";
import { textsOf, type UserPartMakers, userParts } from "../../../kit/chat/role-parts.ts";
import type { ResponsesOptions } from "../options.ts";
import type { FunctionCallOutput, InputContent, InputItem, InputText, ResponsesRequest } from "./api.ts";
import { assistantItems } from "./assistant-items.ts";

/** The API accepts 64 characters. */
const CALL_IDS: CallIdForm = { pattern: /^[\x21-\x7e]{1,64}$/, prefix: "call_", length: 24 };

/**
 * Returns the conversation in the upstream's form: a list of items, and the system messages at its beginning as `instructions`.
 *
 * @throws SpearError `invalid_request`; `missing_capabilities` for a conversation that holds nothing which the upstream can receive.
 */
export function conversation(
	messages: readonly cchat.Message[],
	options: ResponsesOptions,
): Pick<ResponsesRequest, "input" | "instructions"> {
	const { systemForm } = options.chat;
	const others = messages.findIndex(({ role }) => role !== "system");
	const leading = systemForm === "instructions" && others > 0 ? others : 0;
	const role = systemForm === "developer" ? "developer" : "system";
	const input: InputItem[] = [];
	const instructions: string[] = [];
	for (const [index, message] of withUniqueCallIds(withCallNames(messages), CALL_IDS).entries()) {
		const path = `messages[${index}]`;
		checkRole(message, path);
		if (index < leading) instructions.push(...textsOf(message, path));
		else if (message.role === "system") input.push({ type: "message", role, content: textContent(message, path) });
		else if (message.role === "user")
			input.push({ type: "message", role: "user", content: shortest(userParts(message, path, USER_PARTS)) });
		else if (message.role === "tool") input.push(toolOutput(message, path));
		else for (const item of assistantItems(message, { path, position: input.length, options })) input.push(item);
	}
	if (input.length === 0)
		throw new SpearError("missing_capabilities", "messages: they hold nothing that this backend can receive, such as only reasoning");
	return { ...(instructions.length === 0 ? {} : { instructions: instructions.join("\n\n") }), input };
}

const USER_PARTS: UserPartMakers<InputContent> = {
	text: (text) => [{ type: "input_text", text }],
	image({ source, detail = "auto" }, path) {
		if (source.type === "inline" && !/^image\//i.test(source.inline.mime_type))
			throw wrong(`${path}.source`, `its media type is "${guestName(source.inline.mime_type)}", which is not the type of an image`);
		return [{ type: "input_image", image_url: urlOf(source, `${path}.source`), detail }];
	},
	file({ source, filename }, path) {
		const { mimeType, base64 } = inlineOf(source, `${path}.source`);
		// The API refuses bytes without a name.
		const name = filename ?? `document.${mimeType.split("/")[1]}`;
		return [{ type: "input_file", filename: name, file_data: `data:${mimeType};base64,${base64}` }];
	},
};

function toolOutput(message: cchat.Message, path: string): FunctionCallOutput {
	return { type: "function_call_output", call_id: answeredCall(message, path), output: textContent(message, path) };
}

function textContent(message: cchat.Message, path: string): string | InputText[] {
	return shortest(textsOf(message, path).map((text): InputText => ({ type: "input_text", text })));
}

/** Returns a single text as a string, anything else as a list. */
function shortest<T extends InputContent>(parts: T[]): string | T[] {
	const [only = { type: "input_text", text: "" }] = parts;
	return parts.length < 2 && only.type === "input_text" ? only.text : parts;
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
