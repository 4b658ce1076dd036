import { SpearError } from "../../errors/spear-error.ts";
import { shorten } from "../../formats/shorten.ts";
import { guestText } from "../../redaction/guest-text.ts";
import { redactBeginning } from "../../redaction/redact-beginning.ts";
import type { Exchange } from "./exchange.ts";

/** Longest upstream text in the host's log, in characters. */
export const MAX_LOGGED_TEXT = 2000;

/**
 * The upstream's side of a failure, for the host's log: the `cause` of a SpearError. Names the upstream's address without the
 * query. Every text in it is redacted. Never holds an object of the HTTP client, because some of those carry raw bytes.
 */
export class UpstreamFailure extends Error {
	override readonly name = "UpstreamFailure";
	/** HTTP status. Absent without an answer. */
	readonly status: number | undefined;
	/** Code of the system or the HTTP client, such as `ECONNREFUSED`. Absent if a whole answer arrived. */
	readonly code: string | undefined;
	readonly #body: string;

	constructor(message: string, details: { readonly status?: number; readonly code?: string; readonly body?: string } = {}) {
		super(message);
		this.status = details.status;
		this.code = details.code;
		this.#body = details.body ?? "";
	}

	/** The beginning of the answer's body, redacted. Empty without a status. Logs show less of it, in the message. */
	get body(): string {
		return this.#body;
	}
}

/**
 * The error for an answer that breaks its protocol.
 *
 * @param what The fault, as a clause. A guest sees it.
 * @param detail For the host's log only.
 */
export function malformedError(exchange: Exchange, what: string, detail = ""): SpearError {
	const logged = detail === "" ? "" : `: ${shorten(redactBeginning(detail, exchange.redact), MAX_LOGGED_TEXT)}`;
	return new SpearError("backend_error", `the backend's answer is malformed: ${guestText(what, exchange)}`, {
		cause: new UpstreamFailure(`${exchange.target}: ${exchange.redact(what)}${logged}`),
	});
}

/**
 * The error for an answer that is well-formed but lacks a feature that the request asked for. Not held against the backend: it serves
 * requests without the feature. Another backend may have it.
 *
 * @param what The missing part, as a clause. A guest sees it.
 */
export function missingFeatureError(exchange: Exchange, what: string): SpearError {
	return new SpearError("missing_capabilities", `the backend's answer is not what the request asked for: ${guestText(what, exchange)}`, {
		processed: "yes",
		cause: new UpstreamFailure(`${exchange.target}: ${exchange.redact(what)}`),
	});
}

/** The error for an answer that ended before it was complete. `missing` names the end that it lacks. */
export function truncatedError(exchange: Exchange, missing: string): SpearError {
	return new SpearError("backend_error", "the backend's answer ended before it was complete", {
		retryable: true,
		processed: "unknown",
		cause: new UpstreamFailure(`${exchange.target}: the answer ended without ${missing}`),
	});
}

/** The error for a request to a client that is closed. */
export function shutDownError(): SpearError {
	return new SpearError("backend_error", "the backend was shut down; send the call again", {
		retryable: true,
		attribution: "host",
		processed: "no",
	});
}
