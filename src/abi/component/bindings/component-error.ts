/**
 * The error of a WIT result, as an exception. A host throws one to answer a guest with `payload`. An exported function throws one when the guest
 * has answered with an error.
 *
 * Anything with a member `payload` serves a host as well, and so does a payload that is no `Error`.
 */
export class ComponentError<Payload = unknown> extends Error {
	override readonly name = "ComponentError";
	/** The error, in the shape of its WIT type. */
	readonly payload: Payload;

	constructor(payload: Payload) {
		super(typeof payload === "string" ? payload : `the function failed with ${describe(payload)}; see payload`);
		this.payload = payload;
	}
}

function describe(payload: unknown): string {
	if (typeof payload !== "object" || payload === null) return String(payload);
	return "tag" in payload && typeof payload.tag === "string" ? payload.tag : "an error of its type";
}

/** Returns the payload of what a host's function threw. Throws again what is a fault of the host: an `Error` without payload. */
export function payloadOf(thrown: unknown): unknown {
	if (typeof thrown === "object" && thrown !== null && "payload" in thrown) return thrown.payload;
	if (thrown instanceof Error) throw thrown;
	return thrown;
}
