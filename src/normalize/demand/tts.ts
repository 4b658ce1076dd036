import type { Demand } from "../../../generated/ir/envelope.ts";
import type * as tts from "../../../generated/ir/tts.ts";

/** How much there is to speak, markup included, in UTF-16 units. */
export function ttsDemand({ input }: tts.Request): Demand {
	return { characters: (input.type === "ssml" ? input.ssml : input.text).length };
}
