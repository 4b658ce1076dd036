import type * as rt from "../../../../generated/ir/rt.ts";
import type * as types from "../../../../generated/ir/types.ts";

const TRANSCRIPTION = "conversation.item.input_audio_transcription";
const INPUT = "input_audio_buffer";

/**
 * Returns an event of a session as JSON of OpenAI's Realtime API. The member `type` comes first, because guests search the text for it.
 * Returns `undefined` for an event that a transcription does not have.
 *
 * @param number Number of the event in its session.
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events
 */
export function eventJson(event: rt.Event, number: number): string | undefined {
	const members = membersOf(event);
	if (members === undefined) return undefined;
	const { type, ...rest } = members;
	return JSON.stringify({ type, event_id: `event_${number}`, ...rest });
}

function membersOf(event: rt.Event): { readonly type: string } | undefined {
	switch (event.type) {
		case "speech_started":
			return typed(`${INPUT}.speech_started`, { audio_start_ms: event.speech_started });
		case "speech_stopped":
			return typed(`${INPUT}.speech_stopped`, { audio_end_ms: event.speech_stopped });
		case "input_transcript": {
			const { item_id, text } = event.input_transcript;
			return typed(`${TRANSCRIPTION}.delta`, { item_id, content_index: 0, delta: text });
		}
		case "input_transcript_done": {
			const { item_id, text } = event.input_transcript_done;
			return typed(`${TRANSCRIPTION}.completed`, { item_id, content_index: 0, transcript: text });
		}
		case "warning":
			return typed("error", { error: errorOf(event.warning) });
		default:
			return undefined;
	}
}

function typed(type: string, members: object): { readonly type: string } {
	return { type, ...members };
}

function errorOf({ code, message }: types.Error): object {
	return { type: code === "invalid_request" ? "invalid_request_error" : "server_error", code, message };
}
