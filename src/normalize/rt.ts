import type { RequestSize } from "../../generated/ir/envelope.ts";
import type * as rt from "../../generated/ir/rt.ts";
import { fault } from "./fault.ts";

/** What only a conversation has: nobody answers in a transcription. */
const CONVERSATION_ONLY = ["instructions", "voice", "output_format"] as const;

/**
 * Rules of a session: a transcription takes nothing that shapes an answer, and names the model that transcribes as `model`; tools
 * have different names. The formats have their defaults from here on.
 */
export function normalizeRt(payload: rt.Request): rt.Request {
	const names = new Set<string>();
	for (const [index, { name }] of payload.tools.entries()) {
		if (names.has(name)) throw fault(`tools[${index}].name`, `'${name}' is already the name of another tool`);
		names.add(name);
	}
	const input_format = payload.input_format ?? "pcm16";
	if (payload.mode === "conversation") return { ...payload, input_format, output_format: payload.output_format ?? "pcm16" };
	for (const member of CONVERSATION_ONLY) {
		if (payload[member] !== undefined) throw fault(member, "has no place in a transcription, which gives no answers; leave it out");
	}
	if (payload.tools.length > 0) throw fault("tools", "have no place in a transcription, which gives no answers; leave them out");
	const { transcription_model, ...rest } = payload;
	const model = payload.model ?? transcription_model;
	if (transcription_model !== undefined && transcription_model !== model) {
		throw fault("transcription_model", "in a transcription `model` names the model that transcribes; name it there only");
	}
	return { ...rest, input_format, ...(model === undefined ? {} : { model }) };
}

/** The bounds of one queue: what the guest asks for, within what the host allows. */
export function queueBounds(asked: rt.Queue | undefined, hostBytes: number): rt.Queue {
	return { max_bytes: Math.min(asked?.max_bytes ?? hostBytes, hostBytes), overflow: asked?.overflow ?? "refuse" };
}

/** Nobody knows at its beginning how large a session will be. */
export function estimateRtSize(): RequestSize {
	return {};
}
