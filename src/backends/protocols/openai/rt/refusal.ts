import { isObject, textOf } from "../../../kit/json/guards.ts";

/** Kinds of client events that a server refuses. */
export type Refused = "busy" | "commit" | "cancel";

/** Codes and beginnings of texts in errors, by the client event that they refuse. Errors of some servers have a text only. */
const REFUSALS: readonly { readonly kind: Refused; readonly code: string; readonly text: RegExp }[] = [
	{ kind: "busy", code: "conversation_already_has_active_response", text: /^conversation already has an active response/i },
	{ kind: "commit", code: "input_audio_buffer_commit_empty", text: /^error committing input audio buffer/i },
	{ kind: "cancel", code: "response_cancel_not_active", text: /^cancellation failed: no active response/i },
];

/** Returns the kind of client event that an error refuses, or `undefined` for any other error. */
export function refusedBy(error: unknown): Refused | undefined {
	if (!isObject(error)) return undefined;
	const code = textOf(error.code);
	const text = textOf(error.message) ?? "";
	return REFUSALS.find((refusal) => (code === undefined ? refusal.text.test(text) : refusal.code === code))?.kind;
}
