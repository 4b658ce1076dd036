import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type { AnyRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import { request } from "../../../generated/schema/validate/envelope.js";
import { mediaRef } from "../../../generated/schema/validate/types.js";
import type { BlockingCall, HostCall } from "../../worker/protocol.ts";
import { bytes, type Members, members, optionalText, text, whole } from "./guards.ts";
import { require, Violation } from "./violation.ts";

/** A call whose envelope has passed the schema. */
export type ParsedCall =
	| Exclude<HostCall, { readonly name: "unary" | "stream" | "connect" }>
	| { readonly name: "unary" | "stream" | "connect"; readonly envelope: AnyRequestEnvelope };

/** Returns a call with its envelope checked against the schema. @throws Violation */
export function parseCall(call: Members): ParsedCall {
	const { name } = call;
	switch (name) {
		case "unary":
		case "stream":
		case "connect":
			return { name, envelope: envelope(call.envelope) };
		case "dial":
		case "drain":
		case "hang-up":
			return { name, session: whole(call.session) };
		case "input":
			return { name, session: whole(call.session), input: realtimeInput(members(call.input)) };
		case "put":
			return { name, bytes: bytes(call.bytes), mimeType: optionalText(call.mimeType) };
		case "get":
		case "stat":
		case "remove":
		case "reader":
			return { name, reference: reference(call.reference) };
		case "read":
			return { name, reader: whole(call.reader), maxBytes: whole(call.maxBytes) };
		case "write":
			return { name, writer: whole(call.writer), bytes: bytes(call.bytes) };
		case "finish":
			return { name, writer: whole(call.writer) };
		default:
			throw new Violation("a call has an unknown name");
	}
}

function envelope(value: unknown): AnyRequestEnvelope {
	require(request(value), "an envelope does not match its schema");
	return value;
}

function reference(value: unknown): types.MediaRef {
	require(mediaRef(value), "a reference does not match its schema");
	return value;
}

function realtimeInput(input: Members): RealtimeVoiceInput {
	const { type } = input;
	switch (type) {
		case "append_audio":
			return { type, audio: bytes(input.audio) };
		case "send_text":
			return { type, text: text(input.text) };
		case "send_tool_result":
			return { type, call_id: text(input.call_id), output: text(input.output) };
		case "commit":
		case "clear":
		case "cancel":
			return { type };
		case "truncate":
			return { type, item_id: text(input.item_id), audio_end_ms: whole(input.audio_end_ms) };
		default:
			throw new Violation("an input of a session has an unknown type");
	}
}

/** Returns a call that the worker waits for. @throws Violation */
export function parseBlockingCall(data: unknown): BlockingCall {
	const call = members(data);
	switch (call.name) {
		case "catalog":
			return { name: "catalog" };
		case "voices":
			return { name: "voices", model: optionalText(call.model) };
		case "writer":
			return { name: "writer", id: whole(call.id), mimeType: optionalText(call.mimeType) };
		default:
			throw new Violation("a blocking call has an unknown name");
	}
}
