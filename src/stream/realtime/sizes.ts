import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";

/** The least a piece counts for in a queue, in bytes, so that many small ones cannot take what their sum does not show. */
export const LEAST_BYTES = 64;

/** What a piece of input weighs. */
export function inputBytes(input: RealtimeVoiceInput): number {
	switch (input.type) {
		case "append_audio":
			return atLeast(input.audio.byteLength);
		case "send_text":
			return atLeast(Buffer.byteLength(input.text));
		case "send_tool_result":
			return atLeast(Buffer.byteLength(input.output) + Buffer.byteLength(input.call_id));
		case "truncate":
			return atLeast(Buffer.byteLength(input.item_id));
		default:
			return LEAST_BYTES;
	}
}

/** What an event weighs. */
export function eventBytes(event: rt.Event): number {
	switch (event.type) {
		case "audio":
			return atLeast(event.audio.audio.byteLength);
		case "input_transcript":
			return atLeast(Buffer.byteLength(event.input_transcript.text));
		case "input_transcript_done":
			return atLeast(Buffer.byteLength(event.input_transcript_done.text));
		case "output_transcript":
			return atLeast(Buffer.byteLength(event.output_transcript.text));
		case "text":
			return atLeast(Buffer.byteLength(event.text.text));
		case "tool_call":
			return atLeast(Buffer.byteLength(event.tool_call.arguments));
		default:
			return LEAST_BYTES;
	}
}

/** Audio can be missed; a text, a commit or a tool's result cannot. */
export function isDroppableInput(input: RealtimeVoiceInput): boolean {
	return input.type === "append_audio";
}

/** Pieces of something larger can be missed; what marks a turn, asks for a tool or is whole cannot. */
export function isDroppableEvent({ type }: rt.Event): boolean {
	return type === "audio" || type === "input_transcript" || type === "output_transcript" || type === "text";
}

function atLeast(bytes: number): number {
	return Math.max(bytes, LEAST_BYTES);
}
