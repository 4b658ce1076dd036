import { ollama } from "../../../../src/backends/kinds/ollama/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { wholeAnswer } from "../../protocols/ollama/upstream.ts";
import { itemsIn, objectIn, type Said, textIn, type VendorWire } from "../wire.ts";

export const ollamaWire: VendorWire = {
	kind: ollama,
	config: { models: ["qwen3"] },
	callId: /^./,
	sealsReasoning: true,
	answer: ({ text = "", reasoning, calls = [] }) =>
		answer.json(
			wholeAnswer({
				content: text,
				...(reasoning === undefined ? {} : { thinking: reasoning }),
				...(calls.length === 0 ? {} : { tool_calls: calls.map((args) => ({ function: { name: "weather", arguments: args } })) }),
			}),
		),
	read: (request) => itemsIn(request.json(), "messages").flatMap(saidIn),
};

/** Returns what a message says. */
function saidIn(message: Readonly<Record<string, unknown>>): Said[] {
	const { role, content, thinking, images } = message;
	if (role === "tool") return [{ type: "result", id: textIn(message, "tool_call_id"), text: textIn(message, "content") }];
	const type = role === "system" ? "system" : role === "user" ? "user" : "assistant";
	const calls = itemsIn(message, "tool_calls").map((call): Said => {
		const called = objectIn(call, "function");
		return { type: "call", id: textIn(call, "id"), name: textIn(called, "name"), city: textIn(objectIn(called, "arguments"), "city") };
	});
	return [
		...(typeof thinking === "string" ? [{ type: "reasoning", text: thinking } as const] : []),
		...(content === "" ? [] : [{ type, text: textIn(message, "content") } as const]),
		...(Array.isArray(images) ? images.map((base64) => ({ type: "image", base64: String(base64) }) as const) : []),
		...calls,
	];
}
