import type { SpearError } from "../../../../errors/spear-error.ts";
import type { ChannelEvent } from "./outbox.ts";

/**
 * Returns the event for an error that does not end the session. The router's explanation of a request to a chat backend stays with the host,
 * whose log has it.
 */
export function warning(error: SpearError): ChannelEvent {
	const { explanation: _, ...record } = error.toRecord();
	return { type: "warning", warning: record };
}
