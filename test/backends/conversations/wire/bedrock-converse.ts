import { bedrockConverse } from "../../../../src/backends/kinds/bedrock-converse/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { wholeAnswer } from "../../protocols/bedrock/upstream.ts";
import { itemsIn, objectIn, type Said, textIn, type VendorWire } from "../wire.ts";

export const bedrockConverseWire: VendorWire = {
	kind: bedrockConverse,
	config: { models: ["us.anthropic.claude-sonnet-4-6-v1:0"], base_url: "" },
	callId: /^[\w-]{1,64}$/,
	sealsReasoning: true,
	answer: ({ text, reasoning, calls = [] }, index) => {
		const thinking =
			reasoning === undefined ? [] : [{ reasoningContent: { reasoningText: { text: reasoning, signature: `signed-${index}` } } }];
		const uses = calls.map(({ city }, at) => ({ toolUse: { toolUseId: `tooluse_${index}_${at}`, name: "weather", input: { city } } }));
		const said = text === undefined ? [] : [{ text }];
		return answer.json(wholeAnswer([...thinking, ...said, ...uses], { stopReason: uses.length > 0 ? "tool_use" : "end_turn" }));
	},
	read: (request) => [
		...itemsIn(request.json(), "system").map((block): Said => ({ type: "system", text: textIn(block, "text") })),
		...itemsIn(request.json(), "messages").flatMap((message) =>
			itemsIn(message, "content").map((block) => saidIn(block, message.role === "user" ? "user" : "assistant")),
		),
	],
};

/** Returns what a block says. A block has one member. */
function saidIn(block: Readonly<Record<string, unknown>>, role: "user" | "assistant"): Said {
	const [member] = Object.keys(block);
	switch (member) {
		case "text":
			return { type: role, text: textIn(block, "text") };
		case "image":
			return { type: "image", base64: textIn(objectIn(objectIn(block, "image"), "source"), "bytes") };
		case "audio":
		case "document":
			return { type: member === "audio" ? "audio" : "file", base64: textIn(objectIn(objectIn(block, member), "source"), "bytes") };
		case "reasoningContent":
			return { type: "reasoning", text: textIn(objectIn(objectIn(block, "reasoningContent"), "reasoningText"), "text") };
		case "toolUse": {
			const use = objectIn(block, "toolUse");
			return { type: "call", id: textIn(use, "toolUseId"), name: textIn(use, "name"), city: textIn(objectIn(use, "input"), "city") };
		}
		case "toolResult": {
			const result = objectIn(block, "toolResult");
			return {
				type: "result",
				id: textIn(result, "toolUseId"),
				text: itemsIn(result, "content")
					.map((part) => textIn(part, "text"))
					.join(""),
			};
		}
		default:
			throw new Error(`unexpected block ${JSON.stringify(block)}`);
	}
}
