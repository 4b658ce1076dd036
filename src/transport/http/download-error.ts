import { SpearError } from "../../errors/spear-error.ts";
import { UpstreamFailure } from "./failure.ts";

/**
 * A failed download is attributed to the request, which named the URL. The backend that needs the bytes has not received anything
 * yet.
 */
const BEFORE_BACKEND = { attribution: "request", processed: "no" } as const;

/**
 * The error for a download that was too slow. Like every error of a download it does not repeat the URL, which may hold a
 * signature.
 *
 * @param what What the server did not do, as a predicate.
 */
export function downloadTimeout(what: string): SpearError {
	return new SpearError("timeout", `the server behind the URL ${what}`, BEFORE_BACKEND);
}

/**
 * The error for an answer that does not hold the file.
 *
 * @param what What the server did, as a predicate.
 */
export function downloadRefused(url: URL, what: string, status?: number): SpearError {
	const cause = new UpstreamFailure(`${targetOf(url)}: ${what}`, status === undefined ? {} : { status });
	const message = `the server behind the URL ${what}`;
	const options = { ...BEFORE_BACKEND, cause };
	if (status === 429) return new SpearError("rate_limited", message, options);
	if (status === 408 || status === 504) return new SpearError("timeout", message, options);
	if (status !== undefined && status >= 500) return new SpearError("backend_error", message, { ...options, retryable: true });
	return new SpearError("invalid_request", message, options);
}

/** The error for a connection that could not be established or that broke. Returns errors of the guard unchanged. */
export function downloadFailure(url: URL, thrown: unknown): SpearError {
	if (thrown instanceof SpearError) return thrown;
	const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
	const text = thrown instanceof Error ? thrown.message : String(thrown);
	const cause = new UpstreamFailure(`${targetOf(url)}: ${text}`, code === undefined ? {} : { code });
	const unknownHost = code !== undefined && /^(?:ENOTFOUND|EAI_)/.test(code);
	const message = unknownHost ? "the URL's host has no address" : "the connection to the server behind the URL failed";
	return new SpearError("backend_error", message, { ...BEFORE_BACKEND, cause, retryable: !unknownHost });
}

/** Returns the URL for the log: without the query, which may be a signature. */
function targetOf(url: URL): string {
	return `GET ${url.origin}${url.pathname}`;
}
