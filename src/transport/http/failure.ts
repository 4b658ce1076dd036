import { type Attribution, type Processed, SpearError } from "../../errors/spear-error.ts";
import { guestText, type Redact, shorten } from "../../redaction/redact.ts";

/** Longest piece of an upstream's answer kept for the host's log. */
const MAX_LOGGED_TEXT = 2000;

/**
 * What happened at the upstream, for the host's log: the `cause` of the SpearError that tells the guest. It names the
 * upstream's address but no query, and every text in it is redacted. It holds no object of the HTTP client's, because some
 * of those carry raw bytes.
 */
export class UpstreamFailure extends Error {
	override readonly name = "UpstreamFailure";
	/** The HTTP status, when an answer came. */
	readonly status: number | undefined;
	/** The system's or the HTTP client's code, e.g. `ECONNREFUSED`, when none came or it broke off. */
	readonly code: string | undefined;

	constructor(message: string, details: { readonly status?: number; readonly code?: string } = {}) {
		super(message);
		this.status = details.status;
		this.code = details.code;
	}
}

/** The exchange a failure belongs to. */
export interface Exchange {
	/** Method, origin and path, e.g. `POST https://api.example.com/v1/embeddings`. */
	readonly target: string;
	/** The upstream's name or address, which no guest is to see. */
	readonly hostname: string;
	readonly redact: Redact;
}

/** An answer whose status is not a success. */
export interface StatusFailure extends Exchange {
	readonly status: number;
	/** Header names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** The beginning of the body, redacted. */
	readonly body: string;
	/** How long the upstream asks to wait, in milliseconds. */
	readonly retryAfterMs: number | undefined;
}

/** What a status says, once the upstream's words are known. */
export interface StatusMeaning {
	/** The status it stands for, when the upstream's words say better than the status it came with. */
	readonly status?: number;
	/** What the upstream said of it. */
	readonly detail?: string | undefined;
}

/** The error for a status that is not a success, by HTTP's own meaning of it. */
export function statusError(failure: StatusFailure, meaning: StatusMeaning = {}): SpearError {
	const { retryAfterMs } = failure;
	const status = meaning.status ?? failure.status;
	const came = failure.status >= 300 ? ` (status ${failure.status})` : "";
	const detail = meaning.detail === undefined ? "" : `: ${guestText(meaning.detail, failure)}`;
	const options = { cause: statusCause(failure, status), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
	switch (status) {
		case 400:
		case 422:
			return new SpearError("invalid_request", `the backend finds the request invalid${came}${detail}`, options);
		case 401:
		case 403:
			return new SpearError("backend_error", `the backend refuses the host's credentials${came}; its operator must check the API key`, {
				...options,
				attribution: "credentials",
				processed: "no",
			});
		case 404:
			return new SpearError("backend_error", `the backend does not know the model or the operation${came}${detail}`, {
				...options,
				attribution: "request",
			});
		case 408:
		case 504:
		case 524:
			return new SpearError("timeout", `the backend ran out of time${came}${detail}`, options);
		case 413:
			return new SpearError("invalid_request", `the request is too large for the backend${came}${detail}`, options);
		case 429:
			return new SpearError("rate_limited", `the backend asks to slow down${came}${detail}`, options);
		default:
			return otherStatus(status, came, detail, options);
	}
}

function otherStatus(status: number, came: string, detail: string, options: { readonly cause: unknown }): SpearError {
	if (status >= 300 && status < 400) {
		return new SpearError(
			"backend_error",
			`the backend answers with a redirect${came}, which is not followed; its operator must check base_url`,
			options,
		);
	}
	if (status >= 500) {
		return new SpearError("backend_error", `the backend failed${came}${detail}`, {
			...options,
			retryable: status !== 501 && status !== 505,
			processed: PROCESSED_BY_STATUS[status] ?? "yes",
		});
	}
	return new SpearError("backend_error", `the backend refuses the request${came}${detail}`, {
		...options,
		retryable: status === 409 || status === 425,
		attribution: ATTRIBUTION_OF_STATUS[status] ?? (status < 400 ? "backend" : "request"),
	});
}

/** Statuses of a refusal that is not the request's own doing. */
const ATTRIBUTION_OF_STATUS: Readonly<Record<number, Attribution>> = { 402: "capacity", 409: "backend", 425: "backend" };

/** Statuses of a failure that are not the upstream's last word on what it did: 502 is a gateway's, which lost the answer. */
const PROCESSED_BY_STATUS: Readonly<Record<number, Processed>> = { 502: "unknown", 503: "no" };

/** What the host's log says of a status; `status` is the one it stands for. */
export function statusCause(failure: StatusFailure, status: number): UpstreamFailure {
	const id = failure.headers["x-request-id"];
	const named = id === undefined ? "" : `, request ${shorten(failure.redact(id), 100)}`;
	return new UpstreamFailure(`${failure.target}: status ${failure.status}${named}: ${shorten(failure.body, MAX_LOGGED_TEXT)}`, { status });
}

/** The answer came, but it is not what the protocol says it should be. `detail` is for the log only. */
export function malformedError(exchange: Exchange, what: string, detail = ""): SpearError {
	const logged = detail === "" ? "" : `: ${shorten(exchange.redact(detail.slice(0, 4 * MAX_LOGGED_TEXT)), MAX_LOGGED_TEXT)}`;
	return new SpearError("backend_error", `the backend's answer is malformed: ${guestText(what, exchange)}`, {
		cause: new UpstreamFailure(`${exchange.target}: ${exchange.redact(what)}${logged}`),
	});
}

/** The answer came to an end before it was complete; `said` names what it lacked. */
export function truncatedError(exchange: Exchange, said: string): SpearError {
	return new SpearError("backend_error", "the backend broke off in the middle of its answer", {
		retryable: true,
		processed: "unknown",
		cause: new UpstreamFailure(`${exchange.target}: the answer ended without ${said}`),
	});
}

/** No connection came about in time. */
export function connectTimeout(connectMs: number): SpearError {
	return new SpearError("timeout", `no connection to the backend came about within ${connectMs} ms`, { processed: "no" });
}

/** The backend was asked after it was shut down. */
export function shutDownError(): SpearError {
	return new SpearError("backend_error", "the backend was shut down; send the call again", {
		retryable: true,
		attribution: "host",
		processed: "no",
	});
}

/** How far an exchange had come when it failed. */
export type Phase = "waiting" | "answering";

/** The error for a connection that could not be made or did not last. */
export function transportError(exchange: Exchange, phase: Phase, thrown: unknown): SpearError {
	const { code, message, established } = describe(thrown);
	const cause = new UpstreamFailure(`${exchange.target}: ${exchange.redact(message)}`, code === undefined ? {} : { code });
	const begun = phase === "answering" || established;
	const known = KNOWN.find(([pattern, { processed }]) => code !== undefined && pattern.test(code) && !(begun && processed === "no"));
	if (known !== undefined) {
		const [, { code, message, retryable, processed }] = known;
		return new SpearError(code, message, { retryable, processed, cause });
	}
	const broke =
		phase === "answering" ? "the backend broke off in the middle of its answer" : "the connection to the backend broke before it answered";
	return new SpearError("backend_error", broke, { retryable: true, processed: "unknown", cause });
}

interface Known {
	readonly code: "backend_error" | "timeout";
	readonly message: string;
	readonly retryable: boolean;
	/** `no` when no request can have gone out. */
	readonly processed: Processed;
}

const KNOWN: readonly (readonly [RegExp, Known])[] = [
	[
		/^ECONNREFUSED$/,
		{ code: "backend_error", message: "the backend refuses connections; it may be down", retryable: true, processed: "no" },
	],
	[
		/^(ENOTFOUND|EAI_.*)$/,
		{
			code: "backend_error",
			message: "the backend's name cannot be resolved; its operator must check base_url and DNS",
			retryable: true,
			processed: "no",
		},
	],
	[
		/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/,
		{ code: "backend_error", message: "the network does not reach the backend", retryable: true, processed: "no" },
	],
	[
		/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
		{ code: "timeout", message: "no connection to the backend came about in time", retryable: true, processed: "no" },
	],
	[
		/^(EPROTO|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/,
		{
			code: "backend_error",
			message: "no secure connection to the backend came about; its operator must check its certificate and base_url",
			retryable: false,
			processed: "no",
		},
	],
	[
		/^(HPE.*|UND_ERR_HEADERS_OVERFLOW)$/,
		{ code: "backend_error", message: "the backend's answer is malformed: it is not proper HTTP", retryable: false, processed: "yes" },
	],
	[
		/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/,
		{
			code: "backend_error",
			message: "the request cannot be sent; its operator must check headers and base_url",
			retryable: false,
			processed: "no",
		},
	],
];

interface Described {
	readonly code: string | undefined;
	readonly message: string;
	/** Whether the connection stood when it failed. */
	readonly established: boolean;
}

/** The code and the message of anything thrown; those of its parts when it stands for several attempts. */
function describe(thrown: unknown): Described {
	if (!(thrown instanceof Error)) return { code: undefined, message: String(thrown), established: false };
	// Undici's parser errors come without a code.
	const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name === "HTTPParserError" ? "HPE" : undefined;
	const parts = thrown instanceof AggregateError ? thrown.errors.map((part) => describe(part).message).join("; ") : "";
	// A TLS handshake that fails does so while it writes.
	const established = "syscall" in thrown && /^(read|write)$/.test(String(thrown.syscall)) && code !== "EPROTO";
	return { code, message: [thrown.message, parts].filter((text) => text !== "").join(": ") || (code ?? thrown.name), established };
}
