import { SpearError } from "../../errors/spear-error.ts";
import { HttpError, httpFailure } from "../http-error.ts";

/** Kinds of errors by OpenAI's names. */
export type ApiErrorType =
	| "invalid_request_error"
	| "authentication_error"
	| "permission_error"
	| "not_found_error"
	| "rate_limit_error"
	| "insufficient_quota"
	| "server_error"
	| "timeout_error";

/** Body of a failed answer. */
export interface ApiErrorBody {
	readonly error: {
		readonly message: string;
		readonly type: ApiErrorType;
		/** Member of the request that is wrong, as a path: `messages[1].content`. */
		readonly param: string | null;
		readonly code: string | null;
	};
}

/** A failed answer: status, headers and body. */
export interface ApiFailure {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: ApiErrorBody;
}

/** A request that is refused before it reaches the host. */
export class RequestError extends HttpError {
	/** @param param Member of the request that is wrong. `null` for none. */
	constructor(status: 400 | 404 | 413 | 415, param: string | null, message: string, code: string) {
		super(status, code, message, { param: param ?? undefined });
	}
}

/** Returns the error for a member of a request with a wrong value. */
export function invalid(path: string, message: string): RequestError {
	return new RequestError(400, path, `${path}: ${message}`, "invalid_value");
}

/** Returns the error for a member of a request that this server does not have. */
export function unsupported(path: string, message: string): RequestError {
	return new RequestError(400, path, `${path}: ${message}`, "unsupported_parameter");
}

/** Types by status. OpenAI's clients choose the class of the error by the status alone. */
const TYPES: Readonly<Record<number, ApiErrorType>> = {
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	429: "rate_limit_error",
	504: "timeout_error",
};

/** Codes that OpenAI has another name for. */
const CODES: Readonly<Record<string, string>> = { unauthenticated: "invalid_api_key", rate_limited: "rate_limit_exceeded" };

/** Name of OpenAI, as type and as code, for a budget that does not suffice. */
const INSUFFICIENT_QUOTA = "insufficient_quota";

/** Longest time for which a client may wait until a budget resets, in milliseconds. The SDK waits no longer than that. */
const MAX_BUDGET_WAIT_MS = 60_000;

/** Status of a request whose client has gone. A client that is still there sees the end of the host, and may try again. */
const CLIENT_CLOSED = 499;

/** Returns the type that belongs to a status. */
export function errorTypeOf(status: number): ApiErrorType {
	return TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
}

/** Returns a member of the client's request for a path within the host's own request. `undefined` if the client named none. */
export type FieldNames = (path: string) => string | undefined;

/**
 * Returns the answer to a request that failed with this error.
 *
 * @param fieldNames Names the client's member for a path of the host. The default keeps the path.
 */
export function apiFailure(thrown: unknown, fieldNames: FieldNames = (path) => path): ApiFailure {
	const failure = httpFailure(thrown);
	const status = failure.status === CLIENT_CLOSED ? 503 : failure.status;
	const isUnknownModel = status === 404 && failure.code === "no_candidate_backend";
	const isOverBudget = failure.reason === "budget_exceeded";
	const code = isUnknownModel ? "model_not_found" : isOverBudget ? INSUFFICIENT_QUOTA : (CODES[failure.code] ?? failure.code);
	const words = thrown instanceof SpearError ? inClientsWords(thrown, fieldNames) : failure;
	const param = isUnknownModel ? "model" : (words.param ?? null);
	const isFar = isOverBudget && (failure.retryAfterMs ?? Number.POSITIVE_INFINITY) > MAX_BUDGET_WAIT_MS;
	const isRetryable = (failure.retryable && !isFar) || failure.status === CLIENT_CLOSED;
	const type = isOverBudget ? INSUFFICIENT_QUOTA : errorTypeOf(status);
	return {
		status,
		headers: { ...failure.headers, ...retryHeaders(status, isRetryable, failure.retryAfterMs) },
		body: { error: { message: words.message, type, param, code } },
	};
}

/** Returns the error within a stream that has started. */
export function apiErrorBody(thrown: unknown, fieldNames?: FieldNames): ApiErrorBody {
	return apiFailure(thrown, fieldNames).body;
}

/**
 * Returns the headers about another try. The SDK prefers `x-should-retry` to the status, and `retry-after-ms` to `retry-after`, whose
 * seconds are rounded up.
 */
function retryHeaders(status: number, isRetryable: boolean, retryAfterMs: number | undefined): Record<string, string> {
	if (status !== 429 && status < 500) return {};
	const headers: Record<string, string> = { "x-should-retry": String(isRetryable) };
	if (retryAfterMs !== undefined) {
		headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
		headers["retry-after-ms"] = String(Math.ceil(retryAfterMs));
	}
	return headers;
}

/** The path at the beginning of a message, such as `messages[2].content`. */
const PATH = /^([A-Za-z_][\w.[\]]{0,200}): /;

/** Names the member of the client's request in the place of the path that the host's message begins with. */
function inClientsWords(
	{ code, message }: SpearError,
	fieldNames: FieldNames,
): { readonly message: string; readonly param: string | undefined } {
	const path =
		code === "invalid_request" || code === "missing_capabilities" || code === "not_permitted" ? PATH.exec(message)?.[1] : undefined;
	if (path === undefined) return { message, param: undefined };
	const param = fieldNames(path);
	return param === undefined ? { message, param } : { message: `${param}${message.slice(path.length)}`, param };
}
