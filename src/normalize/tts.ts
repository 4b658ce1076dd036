import type { RequestSize } from "../../generated/ir/envelope.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { fault } from "./fault.ts";
import { ssmlFault } from "./ssml.ts";

/**
 * Refuses input without text, invalid SSML and an empty voice. The length is not checked, because backends have different limits. An absent
 * format stays absent: a backend without the default delivers another format and declares the difference. A format that the guest names is
 * met or refused.
 */
export function normalizeTts(payload: tts.Request): tts.Request {
	const { input, voice } = payload;
	if (input.type === "ssml") {
		const wrong = ssmlFault(input.ssml);
		if (wrong !== undefined) throw fault("input.ssml", wrong);
	} else if (input.text.trim() === "") {
		throw fault("input.text", "is empty; provide text to speak");
	}
	if (voice === "") throw fault("voice", "is empty; omit it for the backend's default, or use a voice of list-voices");
	return payload;
}

/** Counts the characters of the input, including markup, in UTF-16 code units. */
export function estimateTtsSize({ input }: tts.Request): RequestSize {
	return { characters: (input.type === "ssml" ? input.ssml : input.text).length };
}
