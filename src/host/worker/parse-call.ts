import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as types from "../../../generated/ir/types.ts";
import { mediaRef } from "../../../generated/schema/validate/types.js";
import type { Emitted } from "../../hostcall/emitted.ts";
import type { HostToolCall, HostToolSelection } from "../../hostcall/host-tools.ts";
import type { AnyCall } from "../../hostcall/scope.ts";
import { isOperation } from "../../operations/is-operation.ts";
import type { BlockingCall, HostCall } from "../../worker/protocol.ts";
import { bytes, list, type Members, members, optionalText, text, whole } from "./guards.ts";
import { require, Violation } from "./violation.ts";

/** Returns a call whose members have the types that the protocol gives them. @throws Violation */
export function parseCall(call: Members): HostCall {
	const { name } = call;
	switch (name) {
		case "unary":
		case "stream":
		case "connect":
			return { name, call: operationCall(members(call.call)) };
		case "dial":
		case "drain":
		case "hang-up":
			return { name, session: whole(call.session) };
		case "input":
			return { name, session: whole(call.session), input: realtimeInput(members(call.input)) };
		case "list-tools":
			return { name, selection: selection(members(call.selection)) };
		case "call-tool":
			return { name, tool: toolCall(members(call.tool)) };
		case "emit":
			return { name, output: emitted(members(call.output)) };
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

/**
 * Returns the call of an operation. Payload and options may be any plain data: the pipeline validates them, as those of a guest in the host's
 * thread. The overload states the type that they have after that.
 */
function operationCall(call: Members): AnyCall;
function operationCall({ operation, payload, options }: Members): Readonly<Record<"operation" | "payload" | "options", unknown>> {
	require(typeof operation === "string" && isOperation(operation), "a call has an unknown operation");
	return { operation, payload, options };
}

function selection({ servers, allow, deny }: Members): HostToolSelection {
	return { servers: list(servers).map(text), allow: list(allow).map(text), deny: list(deny).map(text) };
}

function toolCall(call: Members): HostToolCall {
	const { selection: selected, name, maxOutputBytes } = call;
	return {
		selection: selection(members(selected)),
		name: text(name),
		arguments: text(call.arguments),
		maxOutputBytes: whole(maxOutputBytes),
	};
}

function emitted(output: Members): Emitted {
	const { type } = output;
	switch (type) {
		case "text":
			return { type, text: text(output.text) };
		case "event":
			return { type, name: text(output.name), data: text(output.data) };
		default:
			throw new Violation("an output has an unknown type");
	}
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
		case "tool-servers":
			return { name: "tool-servers" };
		case "voices":
			return { name: "voices", model: optionalText(call.model) };
		case "writer":
			return { name: "writer", id: whole(call.id), mimeType: optionalText(call.mimeType) };
		default:
			throw new Violation("a blocking call has an unknown name");
	}
}
