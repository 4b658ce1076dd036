import { SpearError } from "../../errors/spear-error.ts";
import { UpstreamFailure } from "./failure.ts";

/** Whatever comes of it is the doing of who named the URL; the backend the bytes are for has not been asked yet. */
const BEFORE_ASKING = { attribution: "request", processed: "no" } as const;

/** The errors of fetching what a guest refers to by URL. They never repeat it: it may hold a signature, or come from elsewhere. */
export function downloadTimeout(what: string): SpearError {
	return new SpearError("timeout", `the server behind the URL ${what}`, BEFORE_ASKING);
}

/** The server answered, but not with what was asked for. */
export function refusedStatus(url: URL, what: string, status?: number): SpearError {
	const cause = new UpstreamFailure(`${targetOf(url)}: ${what}`, status === undefined ? {} : { status });
	const message = `the server behind the URL ${what}`;
	const options = { ...BEFORE_ASKING, cause };
	if (status === 429) return new SpearError("rate_limited", message, options);
	if (status === 408 || status === 504) return new SpearError("timeout", message, options);
	if (status !== undefined && status >= 500) return new SpearError("backend_error", message, { ...options, retryable: true });
	return new SpearError("invalid_request", message, options);
}

/** The error for a connection that was not made or did not last. What the guard has thrown passes as it is. */
export function downloadFailure(url: URL, thrown: unknown): SpearError {
	if (thrown instanceof SpearError) return thrown;
	const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
	const text = thrown instanceof Error ? thrown.message : String(thrown);
	const cause = new UpstreamFailure(`${targetOf(url)}: ${text}`, code === undefined ? {} : { code });
	const known = code !== undefined && /^(?:ENOTFOUND|EAI_)/.test(code);
	const message = known ? "the URL's host has no address" : "the server behind the URL could not be reached or broke off";
	return new SpearError("backend_error", message, { ...BEFORE_ASKING, cause, retryable: !known });
}

/** For the log: without the query, which may be a signature. */
function targetOf(url: URL): string {
	return `GET ${url.origin}${url.pathname}`;
}
