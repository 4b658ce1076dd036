import { emitEvent, emitText } from "spear:ai/output@0.1.0";
import { hostcall } from "./errors.ts";
import { wellFormed } from "./text.ts";

/** An event of a run for its reader. */
export interface EmittedEvent {
	/** Name: 1 to 64 letters, digits, `_`, `.` and `-`. */
	readonly event: string;
	/** Any value that JSON can hold. The default is null. */
	readonly data?: unknown;
}

/**
 * Emits text or an event to the reader of the run, before the answer. Waits while the reader is behind. Requires a world with `output`: all
 * worlds of `spear:ai` have it.
 *
 *     for (const event of clerk.stream(input)) if (event.tag === "text") emit(event.val);
 *     emit({ event: "progress", data: { done: 1, of: 3 } });
 *
 * @throws HostcallError `invalid-request` for a wrong name of an event, `cancelled` after the end of the run.
 * @throws TypeError for data that JSON cannot hold, such as a circular value.
 */
export function emit(output: string | EmittedEvent): void {
	if (typeof output === "string") {
		hostcall(() => emitText(wellFormed(output)));
		return;
	}
	const { event, data = null } = output;
	const json = JSON.stringify(data);
	if (json === undefined) throw new TypeError(`the data of the event ${event} has no JSON: it is of type ${typeof data}`);
	hostcall(() => emitEvent(wellFormed(event), wellFormed(json)));
}
