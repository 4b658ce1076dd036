import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { message, reasoning, call as upstreamCall, wholeResponse } from "../../protocols/openai-responses/upstream.ts";
import { base64Of, itemsIn, type ModelTurn, type Said, textIn, type VendorWire } from "../wire.ts";

export const openAiResponsesWire: VendorWire = {
	kind: openaiResponses,
	config: { models: ["gpt"] },
	callId: /^.{1,64}$/,
	sealsReasoning: true,
	answer: ({ text, reasoning: thought, calls = [] }: ModelTurn, index) =>
		answer.json(
			wholeResponse([
				...(thought === undefined ? [] : [reasoning(`rs_${index}`, thought)]),
				...(text === undefined ? [] : [message(text)]),
				...calls.map(({ city }, at) => upstreamCall(`call_${index}_${at}`, "weather", JSON.stringify({ city }))),
			]),
		),
	read: (request) => {
		const body = request.json();
		const { instructions } = Object(body);
		const system: Said[] = typeof instructions === "string" ? [{ type: "system", text: instructions }] : [];
		return [...system, ...itemsIn(body, "input").flatMap(saidIn)];
	},
};

/** Returns what an item says. */
function saidIn(item: Readonly<Record<string, unknown>>): Said[] {
	switch (item.type) {
		case "reasoning":
			return [
				{
					type: "reasoning",
					text: itemsIn(item, "summary")
						.map((part) => textIn(part, "text"))
						.join(""),
				},
			];
		case "function_call":
			return [
				{
					type: "call",
					id: textIn(item, "call_id"),
					name: textIn(item, "name"),
					city: textIn(JSON.parse(textIn(item, "arguments")), "city"),
				},
			];
		case "function_call_output":
			return [{ type: "result", id: textIn(item, "call_id"), text: textIn(item, "output") }];
		default: {
			const type = item.role === "user" ? "user" : item.role === "assistant" ? "assistant" : "system";
			if (typeof item.content === "string") return [{ type, text: item.content }];
			return itemsIn(item, "content").map((part) => {
				if (part.type === "input_image") return { type: "image", base64: base64Of(textIn(part, "image_url")) };
				if (part.type === "input_file") return { type: "file", base64: base64Of(textIn(part, "file_data")) };
				return { type, text: textIn(part, "text") };
			});
		}
	}
}
