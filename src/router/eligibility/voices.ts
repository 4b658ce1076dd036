import type * as tts from "../../../generated/ir/tts.ts";
import type { Instance } from "../instances/instance.ts";

/** Returns the voices of the instances, each id once: as the first instance that has the voice describes it. */
export function voicesOf(instances: readonly Instance[]): tts.Voice[] {
	const voices = new Map<string, tts.Voice>();
	for (const instance of instances) {
		for (const voice of instance.operations.get("text_to_speech")?.voices ?? []) if (!voices.has(voice.id)) voices.set(voice.id, voice);
	}
	return [...voices.values()];
}
