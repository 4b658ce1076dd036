import { anthropic } from "../../../../src/backends/kinds/anthropic/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { wholeMessage } from "../../protocols/anthropic/upstream.ts";
import { itemsIn, objectIn, type Said, textIn, type VendorWire } from "../wire.ts";

export const anthropicWire: VendorWire = {
	kind: anthropic,
	config: { models: ["claude"] },
	callId: /^[\w-]+$/,
	sealsReasoning: true,
	answer: ({ text, reasoning, calls = [] }, index) => {
		const thinking = reasoning === undefined ? [] : [{ type: "thinking", thinking: reasoning, signature: `signed-${index}` }];
		const uses = calls.map(({ city }, at) => ({ type: "tool_use", id: `toolu_${index}_${at}`, name: "weather", input: { city } }));
		const said = text === undefined ? [] : [{ type: "text", text }];
		return answer.json(wholeMessage([...thinking, ...said, ...uses], { stop_reason: uses.length > 0 ? "tool_use" : "end_turn" }));
	},
	read: (request) => [
		...itemsIn(request.json(), "system").map((block): Said => ({ type: "system", text: textIn(block, "text") })),
		...itemsIn(request.json(), "messages").flatMap((message) =>
			itemsIn(message, "content").map((block): Said => {
				switch (block.type) {
					case "text":
						return { type: message.role === "user" ? "user" : "assistant", text: textIn(block, "text") };
					case "image":
					case "document":
						return { type: block.type === "image" ? "image" : "file", base64: textIn(objectIn(block, "source"), "data") };
					case "thinking":
						return { type: "reasoning", text: textIn(block, "thinking") };
					case "tool_use":
						return { type: "call", id: textIn(block, "id"), name: textIn(block, "name"), city: textIn(objectIn(block, "input"), "city") };
					case "tool_result":
						return { type: "result", id: textIn(block, "tool_use_id"), text: textIn(block, "content") };
					default:
						throw new Error(`unexpected block ${JSON.stringify(block)}`);
				}
			}),
		),
	],
};
