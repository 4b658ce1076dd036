import { gemini } from "../../../../src/backends/kinds/gemini/index.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { response } from "../../protocols/gemini/upstream.ts";
import { itemsIn, objectIn, type Said, textIn, type VendorWire } from "../wire.ts";

export const geminiWire: VendorWire = {
	kind: gemini,
	config: { models: ["gemini-3.8-flash"] },
	callId: /^.+$/,
	sealsReasoning: true,
	answer: ({ text, reasoning, calls = [] }, index) => {
		const thoughts = reasoning === undefined ? [] : [{ text: reasoning, thought: true, thoughtSignature: `signed-${index}` }];
		const said = text === undefined ? [] : [{ text }];
		const called = calls.map(({ city }, at) => ({
			functionCall: { id: `fc-${index}-${at}`, name: "weather", args: { city } },
			...(at === 0 ? { thoughtSignature: `call-${index}` } : {}),
		}));
		return answer.json(response([...thoughts, ...said, ...called]));
	},
	read: (request) => {
		const body = Object(request.json());
		const system = body.systemInstruction === undefined ? [] : itemsIn(body.systemInstruction, "parts");
		return [
			...system.map((part): Said => ({ type: "system", text: textIn(part, "text") })),
			...itemsIn(body, "contents").flatMap((content) =>
				itemsIn(content, "parts").map((part): Said => {
					if (part.thought === true) return { type: "reasoning", text: textIn(part, "text") };
					if (part.inlineData !== undefined)
						return { type: mediaType(textIn(part.inlineData, "mimeType")), base64: textIn(part.inlineData, "data") };
					if (part.functionCall !== undefined) {
						const call = objectIn(part, "functionCall");
						return { type: "call", id: textIn(call, "id"), name: textIn(call, "name"), city: textIn(objectIn(call, "args"), "city") };
					}
					if (part.functionResponse !== undefined) {
						const result = objectIn(part, "functionResponse");
						return { type: "result", id: textIn(result, "id"), text: textIn(objectIn(result, "response"), "output") };
					}
					return { type: content.role === "user" ? "user" : "assistant", text: textIn(part, "text") };
				}),
			),
		];
	},
};

/** Returns the kind of part that bytes of a media type come from. */
function mediaType(mimeType: string): "image" | "audio" | "file" {
	if (mimeType.startsWith("image/")) return "image";
	return mimeType.startsWith("audio/") ? "audio" : "file";
}
