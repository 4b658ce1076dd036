import type { Attribution } from "../errors/code-defaults.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { AttemptOutcome } from "../router/decision/route-decision.ts";

/** The aspect of an upstream that a failure is about, by its attribution. Other failures say nothing about the upstream. */
export type Aspect = "connection" | "operation" | "credentials" | "capacity" | "request";

export const ASPECTS: readonly Aspect[] = ["connection", "operation", "credentials", "capacity", "request"];

/** The aspect by the attribution. `undefined` for a failure that says nothing about an upstream. */
const ASPECT_OF: Readonly<Record<Attribution, Aspect | undefined>> = {
	backend: "operation",
	connection: "connection",
	credentials: "credentials",
	capacity: "capacity",
	request: "request",
	caller: undefined,
	host: undefined,
};

/** A fault of a request with the code `backend_error`, such as an unknown model, may be the operator's. A guest causes the others. */
export function aspectOf({ attribution, code }: SpearError): Aspect | undefined {
	return attribution === "request" && code !== "backend_error" ? undefined : ASPECT_OF[attribution];
}

/** A connection serves every operation. A backend may fail at one operation and serve another. */
export function subjectOf(aspect: Aspect, { backend, key }: AttemptOutcome, { operation }: { readonly operation: string }): string {
	return JSON.stringify([
		aspect,
		backend,
		...(aspect === "operation" || aspect === "request" ? [operation] : []),
		...(aspect === "credentials" || aspect === "capacity" ? [key] : []),
	]);
}

/** Returns the line for a failure, without its causes. */
export function failureOf(aspect: Aspect, { backend, key }: AttemptOutcome, { operation }: { readonly operation: string }): string {
	const keyed = key === undefined ? `backend ${backend}` : `${key} of backend ${backend}`;
	switch (aspect) {
		case "connection":
			return `backend ${backend} fails`;
		case "operation":
			return `backend ${backend} fails at ${operation}`;
		case "credentials":
			return `${keyed} was refused by the upstream`;
		case "capacity":
			return `${keyed} is limited or out of quota`;
		case "request":
			return `backend ${backend} refuses requests for ${operation}`;
	}
}

/** Returns the line for a success after a failure; `undefined` for no line. */
export function recoveryOf(
	aspect: Aspect,
	{ backend, key }: AttemptOutcome,
	{ operation }: { readonly operation: string },
): string | undefined {
	switch (aspect) {
		case "connection":
			return `backend ${backend} serves again`;
		case "operation":
			return `backend ${backend} serves ${operation} again`;
		case "credentials":
			return key === undefined ? undefined : `${key} of backend ${backend} is accepted again`;
		default:
			return undefined;
	}
}
