import type { RequestSize } from "../../generated/ir/envelope.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { fault } from "./fault.ts";
import { ssmlFault } from "./ssml.ts";

/** There must be something to speak, and SSML must be SSML. How long it may be is the backend's to say. */
export function normalizeTts(payload: tts.Request): tts.Request {
	const { input, voice, format = "mp3" } = payload;
	if (input.type === "ssml") {
		const wrong = ssmlFault(input.ssml);
		if (wrong !== undefined) throw fault("input.ssml", wrong);
	} else if (input.text.trim() === "") {
		throw fault("input.text", "is empty; give something to speak");
	}
	if (voice === "") throw fault("voice", "is empty; leave it out for the backend's default, or name one of list-voices");
	return { ...payload, format };
}

/** How much there is to speak, markup included, in UTF-16 units. */
export function estimateTtsSize({ input }: tts.Request): RequestSize {
	return { characters: (input.type === "ssml" ? input.ssml : input.text).length };
}
