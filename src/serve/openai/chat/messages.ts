import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, textAt, typeName } from "../fields.ts";
import { assistantMessage } from "./assistant-message.ts";
import { userParts } from "./user-parts.ts";

/** Returns the conversation of a request. */
export function conversation(messages: readonly unknown[]): cchat.Message[] {
	const tools = new Map<string, string>();
	return messages.map((value, index) => {
		const message = chatMessage(new Fields(value, `messages[${index}]`), tools);
		for (const { id, name } of message.tool_calls) tools.set(id, name);
		return message;
	});
}

/**
 * Returns a message of the conversation.
 *
 * @param tools Names of the tools that were called before, by the ids of the calls.
 */
function chatMessage(fields: Fields, tools: ReadonlyMap<string, string>): cchat.Message {
	const role = fields.requiredText("role");
	switch (role) {
		case "system":
		case "developer":
			return plainMessage(fields, "system", texts(fields));
		case "user":
			return plainMessage(fields, "user", userContent(fields));
		case "assistant":
			return assistantMessage(fields);
		case "tool":
			return toolMessage(fields, tools);
		case "function":
			throw unsupported(fields.at("role"), "functions are replaced by tools: send the result with the role tool and a tool_call_id");
		default:
			throw invalid(fields.at("role"), `must be one of system, developer, user, assistant, tool, not "${guestName(role)}"`);
	}
}

function plainMessage(fields: Fields, role: cchat.Role, content: cchat.ContentPart[]): cchat.Message {
	const name = fields.text("name");
	fields.assertNoRest();
	const message: cchat.Message = { role, content, tool_calls: [] };
	if (name !== undefined) message.name = name;
	return message;
}

function toolMessage(fields: Fields, tools: ReadonlyMap<string, string>): cchat.Message {
	const message: cchat.Message = { role: "tool", content: toolContent(fields), tool_calls: [] };
	const id = fields.requiredText("tool_call_id");
	const failed = fields.boolean("is_error");
	const name = fields.text("name");
	fields.assertNoRest();
	message.tool_call_id = id;
	if (failed !== undefined) message.is_error = failed;
	// Older clients repeat the name of the tool, which the call has already. Most backends refuse names of tool messages.
	if (name !== undefined && name !== tools.get(id)) message.name = name;
	return message;
}

/** Returns the result of a tool. Clients send `null` for a tool without one. */
function toolContent(fields: Fields): cchat.ContentPart[] {
	return fields.any("content") === undefined ? [{ type: "text", text: "" }] : texts(fields);
}

/** Returns content that is text only: a string, or a list of texts. */
function texts(fields: Fields): cchat.ContentPart[] {
	const path = fields.at("content");
	return contentOf(fields).map((item, index): cchat.ContentPart => {
		if (typeof item === "string") return { type: "text", text: textAt(item, path) };
		const part = new Fields(item, `${path}[${index}]`);
		const type = part.requiredText("type");
		if (type !== "text") throw unsupported(part.at("type"), `a message of this role holds only text, not "${guestName(type)}"`);
		const text = part.requiredText("text");
		part.assertNoRest();
		return { type: "text", text };
	});
}

function userContent(fields: Fields): cchat.ContentPart[] {
	const path = fields.at("content");
	return contentOf(fields).map((item, index) =>
		typeof item === "string" ? { type: "text", text: textAt(item, path) } : userParts(new Fields(item, `${path}[${index}]`)),
	);
}

/** Returns the items of a content, or the content itself if it is a string. */
function contentOf(fields: Fields): readonly unknown[] {
	const value = fields.any("content");
	if (typeof value === "string") return [value];
	if (!Array.isArray(value)) throw invalid(fields.at("content"), `must be a string or a list of parts, not ${typeName(value ?? null)}`);
	const strange = value.findIndex((item) => typeof item === "string");
	if (strange !== -1) throw invalid(`${fields.at("content")}[${strange}]`, "must be an object, not a string");
	return value;
}
