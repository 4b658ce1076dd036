import type { FollowedStep } from "../../cluster/follow/step-reader.ts";
import { errorOf } from "../../cluster/run-contents/run-failure.ts";
import type { ServerEvent } from "../agents/event-stream.ts";
import { failureBody } from "./run-body.ts";

/** Id of the last event of a run. A client that continues from there has everything. */
export const END_ID = "end";

/**
 * Returns a step as an event of the stream.
 *
 * | event | data |
 * | --- | --- |
 * | `text` | `text` |
 * | `event` | `name`, `data` |
 * | `attempt` | `attempt`, `reason`; `error` if the attempt before failed |
 * | `gap` | none: output before this event is kept no longer |
 */
export function eventOf({ cursor, attempt, event }: FollowedStep): ServerEvent {
	// A client that continues from the beginning sends no id.
	const id = cursor === "" ? {} : { id: cursor };
	switch (event.type) {
		case "text":
			return { ...id, name: "text", data: { text: event.text } };
		case "event":
			return { ...id, name: "event", data: { name: event.name, data: event.data } };
		case "gap":
			return { ...id, name: "gap", data: {} };
		case "attempt": {
			const error = event.error === undefined ? {} : { error: failureBody(errorOf(event.error)) };
			return { ...id, name: "attempt", data: { attempt, reason: event.reason, ...error } };
		}
	}
}
