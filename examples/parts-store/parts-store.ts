/**
 * A parts store whose clerk is a small language model. Two requests, each of which a grammar holds to its form:
 *
 * 1. The model must call the tool `inventory`, which reads the stock below. A JSON Schema gives the form of its arguments.
 * 2. The model answers, with the tool's result before it. Another JSON Schema gives the form of the answer.
 *
 * A model of 135 million parameters fills in forms. Without a form, such a model rambles. So the guest writes the sentence.
 */
import { complete, type Message, type Request } from "spear:ai/cchat@0.1.0";
import { agent } from "spear-hostcall/guest";
import { system, textOf, toolCallsOf, user } from "spear-hostcall/guest/chat";

interface Part {
	readonly name: string;
	readonly on_hand: number;
	readonly shelf: string;
}

const STOCK: Readonly<Record<string, Part>> = {
	"M6-20": { name: "hex bolt", on_hand: 480, shelf: "B2" },
	"M6-N": { name: "hex nut", on_hand: 1150, shelf: "B3" },
	"BRG-608": { name: "ball bearing", on_hand: 0, shelf: "D1" },
};

const INVENTORY = {
	name: "inventory",
	description: "Looks up a part by its stock number. Returns its name, the number on hand, and the shelf.",
	parameters: JSON.stringify({
		type: "object",
		properties: { sku: { type: "string", description: "Stock number" } },
		required: ["sku"],
		additionalProperties: false,
	}),
};

interface Answer {
	readonly in_stock: boolean;
	readonly on_hand: number;
	readonly shelf: string;
}

const ANSWER = {
	type: "object",
	properties: {
		in_stock: { type: "boolean" },
		on_hand: { type: "integer" },
		shelf: { enum: Object.values(STOCK).map(({ shelf }) => shelf) },
	},
	required: ["in_stock", "on_hand", "shelf"],
	additionalProperties: false,
};

/** The most likely token each time, so that a question has one answer. */
const PARAMS: Request["params"] = { temperature: 0, maxOutputTokens: 100 };

export const run = agent((input) => {
	const question = user(input === "" ? "Is M6-20 in stock?" : input);
	const catalogue = Object.entries(STOCK).map(([sku, { name }]) => `${sku} is a ${name}`);
	const clerk = system(`You are the clerk of a parts store. Stock numbers: ${catalogue.join(", ")}.`);

	const asked = complete({ messages: [clerk, question], tools: [INVENTORY], toolChoice: { tag: "required" }, params: PARAMS }, null);
	const [call] = toolCallsOf(asked.message);
	if (call === undefined) throw new Error(`the model called no tool, and said: ${textOf(asked.message)}`);
	const { sku } = JSON.parse(call.arguments) as { readonly sku: string };
	const part = STOCK[sku];
	if (part === undefined) return `There is no part ${sku}; stock numbers are ${Object.keys(STOCK).join(", ")}.`;
	const { name, on_hand, shelf } = part;
	// The model copies. Small ones do not conclude that nothing on hand means out of stock.
	const facts = JSON.stringify({ sku, name, in_stock: on_hand > 0, on_hand, shelf });
	console.info(`${call.name}(${call.arguments}) → ${facts}`);

	const result: Message = { role: "tool", toolCallId: call.id, content: [{ tag: "text", val: facts }] };
	const answered = complete(
		{
			messages: [clerk, question, { ...asked.message, toolCalls: [call] }, result],
			responseFormat: { tag: "json-schema", val: { name: "stock", schema: JSON.stringify(ANSWER) } },
			params: PARAMS,
		},
		null,
	);
	const answer = JSON.parse(textOf(answered.message)) as Answer;
	return answer.in_stock
		? `Yes: ${answer.on_hand} of ${sku} (${name}) are on shelf ${answer.shelf}.`
		: `No: ${sku} (${name}) is out of stock. Its shelf is ${answer.shelf}.`;
});
