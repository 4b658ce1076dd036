import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { base64Of, itemsIn, type ModelTurn, objectIn, type Said, textIn, type VendorWire } from "../wire.ts";

export const openAiCompatibleWire: VendorWire = {
	kind: openaiCompatible,
	config: { models: ["gpt"] },
	callId: /^.{1,64}$/,
	sealsReasoning: false,
	answer: (turn, index) => answer.json(completion(turn, index)),
	read: (request) => itemsIn(request.json(), "messages").flatMap(saidIn),
};

/** Returns a whole completion. Like some servers, it counts the calls of each answer anew. */
export function completion({ text, reasoning, calls = [] }: ModelTurn, index: number): object {
	const tool_calls = calls.map(({ city }, at) => ({
		id: `call_${at}`,
		type: "function",
		function: { name: "weather", arguments: JSON.stringify({ city }) },
	}));
	return {
		id: `chatcmpl-${index}`,
		object: "chat.completion",
		model: "gpt",
		choices: [
			{
				index: 0,
				message: {
					role: "assistant",
					content: text ?? null,
					...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
					...(calls.length === 0 ? {} : { tool_calls }),
				},
				finish_reason: calls.length === 0 ? "stop" : "tool_calls",
			},
		],
	};
}

/** Returns what a part with media says. Mistral's audio is the text alone, without an object around. */
function mediaIn(part: Readonly<Record<string, unknown>>): Said | undefined {
	switch (part.type) {
		case "image_url":
			return { type: "image", base64: base64Of(textIn(objectIn(part, "image_url"), "url")) };
		case "input_audio":
			return { type: "audio", base64: typeof part.input_audio === "string" ? part.input_audio : textIn(part.input_audio, "data") };
		case "file":
			return { type: "file", base64: base64Of(textIn(objectIn(part, "file"), "file_data")) };
		default:
			return undefined;
	}
}

/** Returns what a message of Chat Completions says. */
export function saidIn(message: Readonly<Record<string, unknown>>): Said[] {
	const { role, content } = message;
	if (role === "tool") return [{ type: "result", id: textIn(message, "tool_call_id"), text: textIn(message, "content") }];
	const type = role === "system" ? "system" : role === "user" ? "user" : "assistant";
	const texts: Said[] =
		typeof content === "string"
			? [{ type, text: content }]
			: itemsIn(message, "content").map((part) => mediaIn(part) ?? { type, text: textIn(part, "text") });
	const calls = itemsIn(message, "tool_calls").map((call): Said => {
		const called = objectIn(call, "function");
		return {
			type: "call",
			id: textIn(call, "id"),
			name: textIn(called, "name"),
			city: textIn(JSON.parse(textIn(called, "arguments")), "city"),
		};
	});
	const reasoning: Said[] = typeof message.reasoning_content === "string" ? [{ type: "reasoning", text: message.reasoning_content }] : [];
	return [...reasoning, ...texts, ...calls];
}
