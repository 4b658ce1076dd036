import type { RequestSize } from "../../generated/ir/envelope.ts";
import type * as rt from "../../generated/ir/rt.ts";
import { guestName } from "../errors/guest-name.ts";
import { fault } from "./fault.ts";

/** Members that only a conversation may have, because a transcription produces no responses. */
const CONVERSATION_ONLY = ["instructions", "voice", "output_format"] as const;

/**
 * Applies the rules of a session, and the defaults of its formats. Names of tools are unique. A transcription has no members that shape
 * a response, and names its model in `model`.
 */
export function normalizeRt(payload: rt.Request): rt.Request {
	const names = new Set<string>();
	for (const [index, { name }] of payload.tools.entries()) {
		if (names.has(name)) throw fault(`tools[${index}].name`, `'${guestName(name)}' is already the name of another tool`);
		names.add(name);
	}
	const input_format = payload.input_format ?? "pcm16";
	if (payload.mode === "conversation") return { ...payload, input_format, output_format: payload.output_format ?? "pcm16" };
	for (const member of CONVERSATION_ONLY) {
		if (payload[member] !== undefined) throw fault(member, "is not allowed in a transcription, which produces no responses; omit it");
	}
	if (payload.tools.length > 0) throw fault("tools", "are not allowed in a transcription, which produces no responses; omit them");
	const { transcription_model, ...rest } = payload;
	const model = payload.model ?? transcription_model;
	if (transcription_model !== undefined && transcription_model !== model) {
		throw fault("transcription_model", "differs from `model`, which names the transcription model in a transcription; set only `model`");
	}
	return { ...rest, input_format, ...(model === undefined ? {} : { model }) };
}

/** Returns the bounds of a queue: those that the guest requests, within `hostBytes`. The default policy is `refuse`. */
export function queueBounds(requested: rt.Queue | undefined, hostBytes: number): rt.Queue {
	return { max_bytes: Math.min(requested?.max_bytes ?? hostBytes, hostBytes), overflow: requested?.overflow ?? "refuse" };
}

/** Returns no size, because the size of a session is unknown when it starts. */
export function estimateRtSize(): RequestSize {
	return {};
}
