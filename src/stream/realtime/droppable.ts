import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";

/** Returns true if input may be dropped: audio may, but not a text, a commit or the result of a tool. */
export function isDroppableInput(input: RealtimeVoiceInput): boolean {
	return input.type === "append_audio";
}

/**
 * Returns true if an event may be dropped: a part of an audio, a transcript or a text may. An event that marks a turn, calls a tool or
 * holds a whole result may not.
 */
export function isDroppableEvent({ type }: rt.Event): boolean {
	return type === "audio" || type === "input_transcript" || type === "output_transcript" || type === "text";
}
