import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, textAt, typeName } from "../fields.ts";
import { AssistantTurn } from "./assistant-turn.ts";
import { inputParts, inputTexts } from "./input-parts.ts";

/**
 * Returns the conversation of a request. Items of the model that follow each other are one message of the host.
 *
 * @param instructions Instructions for the whole conversation. Absent: none.
 */
export function conversation(fields: Fields, instructions: string | undefined): cchat.Message[] {
	const messages: cchat.Message[] = [];
	if (instructions !== undefined) messages.push({ role: "system", content: [{ type: "text", text: instructions }], tool_calls: [] });
	const input = fields.any("input");
	if (typeof input === "string") {
		messages.push({ role: "user", content: [{ type: "text", text: textAt(input, "input") }], tool_calls: [] });
		return messages;
	}
	if (!Array.isArray(input)) throw invalid("input", `must be a string or a list of items, not ${typeName(input)}`);
	let turn: AssistantTurn | undefined;
	const endTurn = (): void => {
		if (turn !== undefined) messages.push(turn.message());
		turn = undefined;
	};
	for (const [index, value] of input.entries()) {
		const item = new Fields(value, `input[${index}]`);
		// A message may leave its type out.
		const type = item.text("type") ?? "message";
		const role = type === "message" ? item.requiredText("role") : undefined;
		if (role === "assistant" || type === "function_call" || type === "reasoning") {
			turn ??= new AssistantTurn();
			turn.add(type, item);
		} else {
			endTurn();
			messages.push(role === undefined ? otherItem(type, item) : inputMessage(role, item));
		}
	}
	endTurn();
	return messages;
}

function inputMessage(role: string, item: Fields): cchat.Message {
	item.any("status");
	item.any("id");
	const message: cchat.Message =
		role === "user"
			? { role, content: inputParts(item, "content"), tool_calls: [] }
			: { role: systemRole(role, item), content: inputTexts(item, "content"), tool_calls: [] };
	item.assertNoRest();
	return message;
}

function systemRole(role: string, item: Fields): "system" {
	if (role === "system" || role === "developer") return "system";
	throw invalid(item.at("role"), `must be one of system, developer, user, assistant, not "${guestName(role)}"`);
}

function otherItem(type: string, item: Fields): cchat.Message {
	if (type === "function_call_output") {
		const id = item.requiredText("call_id");
		const content = inputTexts(item, "output");
		item.any("status");
		item.any("id");
		item.assertNoRest();
		return { role: "tool", content, tool_calls: [], tool_call_id: id };
	}
	if (type === "item_reference") throw unsupported(item.at("type"), "this server keeps no items; send the item itself");
	throw unsupported(
		item.at("type"),
		`items of type message, function_call, function_call_output and reasoning are supported, not "${guestName(type)}"`,
	);
}
