import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";

/** Returns true if input may be dropped. Audio can be missed; a text, a commit or the result of a tool cannot. */
export function isDroppableInput(input: RealtimeVoiceInput): boolean {
	return input.type === "append_audio";
}

/**
 * Returns true if an event may be dropped. Parts of a larger whole can be missed; an event that marks a turn, calls a tool or is whole
 * cannot.
 */
export function isDroppableEvent({ type }: rt.Event): boolean {
	return type === "audio" || type === "input_transcript" || type === "output_transcript" || type === "text";
}
