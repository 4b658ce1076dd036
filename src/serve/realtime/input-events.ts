import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import { invalid, unsupported } from "../openai/errors.ts";
import { Fields } from "../openai/fields.ts";
import { audioBytes, type ClientEvent, clientId } from "./client-event.ts";
import type { ConversationEvents } from "./conversation-events.ts";
import { newId, type ServerEvent, userMessage } from "./server-event.ts";
import { assertSpoken, type SessionConfig } from "./session-config.ts";
import type { Turn } from "./turn.ts";

/** Effects of an event of the client. */
export interface InputEffects {
	/** Input for the session, in order. */
	readonly inputs: readonly RealtimeVoiceInput[];
	/** Events that tell the client. */
	readonly events: readonly ServerEvent[];
}

/** State that events of the client change. */
export interface InputState {
	readonly mode: SessionConfig["mode"];
	readonly turn: Turn;
	readonly conversation: ConversationEvents;
}

const MAX_MS = 0xffff_ffff;

/**
 * Returns the effects of an event of the client, other than `session.update`.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-client-events
 * @throws RequestError for an event that is malformed, or that the host has no input for.
 */
export function inputEffects({ type, fields }: ClientEvent, { mode, turn, conversation }: InputState): InputEffects {
	switch (type) {
		case "input_audio_buffer.append": {
			const audio = audioBytes(fields.requiredText("audio"), "audio");
			fields.assertNoRest();
			return { inputs: [{ type: "append_audio", audio }], events: [] };
		}
		case "input_audio_buffer.commit":
			fields.assertNoRest();
			if (mode === "transcription") return { inputs: [{ type: "commit" }], events: conversation.committed() };
			turn.commit();
			return { inputs: [], events: conversation.committed() };
		case "input_audio_buffer.clear":
			fields.assertNoRest();
			turn.clear();
			return { inputs: [{ type: "clear" }], events: [{ type: "input_audio_buffer.cleared" }] };
		case "conversation.item.create":
			onlyInConversations(mode, type);
			return { inputs: [], events: conversation.created(createdItem(fields, turn, conversation.last)) };
		case "conversation.item.truncate": {
			onlyInConversations(mode, type);
			const item_id = fields.requiredText("item_id");
			const audio_end_ms = fields.number("audio_end_ms", { integer: true, min: 0, max: MAX_MS });
			const content_index = fields.number("content_index", { integer: true, min: 0 }) ?? 0;
			fields.assertNoRest();
			if (audio_end_ms === undefined) throw invalid("audio_end_ms", "is required");
			conversation.cancelled();
			return {
				inputs: [{ type: "truncate", item_id, audio_end_ms }],
				events: [{ type: "conversation.item.truncated", item_id, content_index, audio_end_ms }],
			};
		}
		case "response.create": {
			onlyInConversations(mode, type);
			const response = fields.fields("response");
			fields.assertNoRest();
			assertSpoken(response?.texts("output_modalities"), "response.output_modalities");
			response?.assertNoRest();
			return { inputs: turn.take(), events: [] };
		}
		case "response.cancel":
			onlyInConversations(mode, type);
			conversation.cancelled();
			return { inputs: [{ type: "cancel" }], events: [] };
		case "conversation.item.delete":
		case "conversation.item.retrieve":
		case "output_audio_buffer.clear":
			throw unsupported("type", `${type} is not supported: the host has no such call`);
		default:
			throw invalid("type", "is not the type of an event of a client");
	}
}

function onlyInConversations(mode: InputState["mode"], type: string): void {
	if (mode === "transcription") throw unsupported("type", `${type} is not for a transcription, which has no responses`);
}

/** Returns the item that a client creates, and adds it to the turn. */
function createdItem(fields: Fields, turn: Turn, last: string | null): ReturnType<typeof userMessage> {
	const item = fields.fields("item");
	if (item === undefined) throw invalid("item", "is required");
	const previous = fields.text("previous_item_id");
	fields.assertNoRest();
	if (previous !== undefined && previous !== last)
		throw unsupported("previous_item_id", "an item can only be added at the end; leave it out");
	const id = clientId(item, "id") ?? newId("item");
	item.any("object");
	item.any("status");
	const type = item.oneOf("type", ["message", "function_call_output"] as const);
	if (type === "function_call_output") {
		const call_id = item.requiredText("call_id");
		const output = item.requiredText("output");
		item.assertNoRest();
		turn.addResult(call_id, output);
		return { id, object: "realtime.item", type, status: "completed", call_id, output };
	}
	if (type === undefined) throw invalid("item.type", "is required: message or function_call_output");
	const role = item.requiredText("role");
	if (role !== "user") throw unsupported("item.role", "the host adds items of the user only; put the rest into session.instructions");
	const texts = item.requiredList("content").map((part, index) => textOf(part, `item.content[${index}]`));
	item.assertNoRest();
	if (texts.length === 0) throw invalid("item.content", "is empty");
	turn.addText(texts.join("\n\n"));
	return userMessage(
		id,
		texts.map((text) => ({ type: "input_text", text })),
	);
}

function textOf(value: unknown, path: string): string {
	const part = new Fields(value, path);
	const type = part.requiredText("type");
	if (type !== "input_text") throw unsupported(`${path}.type`, "items hold text only; append audio to the buffer");
	const text = part.requiredText("text");
	part.assertNoRest();
	return text;
}
