import type * as log from "../../../generated/ir/log.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { HostCall, Line, WorkerOutcome } from "../../worker/protocol.ts";
import { duration, list, type Members, members, oneOf, optionalText, text, whole } from "./guards.ts";
import { parseCall } from "./parse-call.ts";
import { parseError } from "./parse-error.ts";
import { Violation } from "./violation.ts";

/** End of a session, before its report is checked. */
export type ParsedEnd = { readonly completed: unknown } | { readonly failure: types.Error };

/** A message of a worker that has the shape of one. Ids are whole numbers, but may be unknown. */
export type ParsedMessage =
	| { readonly type: "ready" | "started" | "closed" }
	| { readonly type: "not-started"; readonly error: types.Error }
	| { readonly type: "outcome"; readonly id: number; readonly outcome: WorkerOutcome; readonly cpuMs: number }
	| { readonly type: "refused"; readonly id: number; readonly error: types.Error }
	| { readonly type: "call"; readonly id: number; readonly call: HostCall }
	| { readonly type: "cancel"; readonly id: number }
	| { readonly type: "credit"; readonly id: number; readonly bytes: number }
	| { readonly type: "end-session"; readonly id: number; readonly outcome: ParsedEnd }
	| { readonly type: "release"; readonly kind: "reader" | "writer"; readonly id: number }
	| { readonly type: "line"; readonly line: Line };

/**
 * Returns a message of a worker, whose members have the types that the protocol gives them.
 *
 * @param data Plain data, see `checkPlainData`.
 * @throws Violation for anything else.
 */
export function parseMessage(data: unknown): ParsedMessage {
	const message = members(data);
	const { type } = message;
	switch (type) {
		case "ready":
		case "started":
		case "closed":
			return { type };
		case "not-started":
			return { type, error: parseError(message.error) };
		case "outcome":
			return { type, id: whole(message.id), outcome: outcome(members(message.outcome)), cpuMs: duration(message.cpuMs) };
		case "refused":
			return { type, id: whole(message.id), error: parseError(message.error) };
		case "call":
			return { type, id: whole(message.id), call: parseCall(members(message.call)) };
		case "cancel":
			return { type, id: whole(message.id) };
		case "credit":
			return { type, id: whole(message.id), bytes: whole(message.bytes) };
		case "end-session":
			return { type, id: whole(message.id), outcome: sessionEnd(members(message.outcome)) };
		case "release":
			return { type, id: whole(message.id), kind: oneOf(message.kind, ["reader", "writer"]) };
		case "line":
			return { type, line: line(members(message.line)) };
		default:
			throw new Violation("a message has an unknown type");
	}
}

function outcome(value: Members): WorkerOutcome {
	if (value.ok !== undefined) return { ok: text(value.ok) };
	if (value.trap !== undefined) {
		const { kind, message, stderr } = members(value.trap);
		return {
			trap: {
				kind: oneOf(kind, ["trap", "stack-overflow", "host-fault", "aborted", "deadline", "cpu-budget"]),
				message: text(message),
				stderr: text(stderr),
			},
		};
	}
	if (value.exited !== undefined) return { exited: whole(value.exited) };
	const error = members(value.err);
	return {
		err:
			error.type === "failed" ? { type: "failed", failed: text(error.failed) } : { type: "hostcall", hostcall: parseError(error.hostcall) },
	};
}

function line(value: Members): Line {
	const { kind } = value;
	switch (kind) {
		case "log":
			return { kind, level: oneOf(value.level, LEVELS), message: text(value.message), fields: list(value.fields).map(field) };
		case "output":
			return { kind, stream: oneOf(value.stream, ["stdout", "stderr"]), text: text(value.text), isCut: value.isCut === true };
		case "fault": {
			const detail = optionalText(value.detail);
			return {
				kind,
				level: oneOf(value.level, ["debug", "warn", "error"]),
				message: text(value.message),
				hostcall: text(value.hostcall),
				...(detail === undefined ? {} : { detail }),
			};
		}
		default:
			throw new Violation("a line has an unknown kind");
	}
}

const LEVELS: readonly log.Level[] = ["trace", "debug", "info", "warn", "error"];

function field(value: unknown): log.LogField {
	const { key, value: content } = members(value);
	return { key: text(key), value: text(content) };
}

function sessionEnd(end: Members): ParsedEnd {
	return end.failure === undefined ? { completed: end.completed } : { failure: parseError(end.failure) };
}
