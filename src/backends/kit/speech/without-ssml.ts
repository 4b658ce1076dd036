import type { TextToSpeechBackend } from "../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { textOfSsml } from "./ssml.ts";

/** Returns a backend whose upstream speaks plain text only. SSML is reduced to its text. */
export function withoutSsml(backend: TextToSpeechBackend): TextToSpeechBackend {
	return {
		unary: async (envelope, context) => backend.unary({ ...envelope, payload: asPlainText(envelope.payload) }, context),
		async *stream(envelope, context) {
			yield* backend.stream({ ...envelope, payload: asPlainText(envelope.payload) }, context);
		},
	};
}

/** @throws SpearError `invalid_request` for a document without spoken text. */
function asPlainText(payload: tts.Request): tts.Request {
	const { input } = payload;
	if (input.type === "text") return payload;
	const text = textOfSsml(input.ssml);
	if (text === "") throw new SpearError("invalid_request", "input.ssml: nothing is left to speak without its markup; add text");
	return { ...payload, input: { type: "text", text } };
}
