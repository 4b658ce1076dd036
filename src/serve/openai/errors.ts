import type { ErrorCode } from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Kinds of errors by OpenAI's names. */
export type ApiErrorType =
	| "invalid_request_error"
	| "authentication_error"
	| "permission_error"
	| "not_found_error"
	| "rate_limit_error"
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
export class RequestError extends Error {
	override readonly name = "RequestError";
	readonly status: number;
	/** Member of the request that is wrong. */
	readonly param: string | null;
	readonly code: string;

	constructor(status: 400 | 404 | 413 | 415, param: string | null, message: string, code: string) {
		super(message);
		this.status = status;
		this.param = param;
		this.code = code;
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

interface Meaning {
	readonly status: number;
	readonly type: ApiErrorType;
}

/**
 * Statuses of the codes, so that OpenAI's clients choose the right class of error: 400 `BadRequestError`, 403 `PermissionDeniedError`,
 * 404 `NotFoundError`, 429 `RateLimitError`, 500 and above `InternalServerError`.
 */
const MEANINGS: { readonly [C in ErrorCode]: Meaning } = {
	invalid_request: { status: 400, type: "invalid_request_error" },
	missing_capabilities: { status: 400, type: "invalid_request_error" },
	no_candidate_backend: { status: 503, type: "server_error" },
	backend_not_enabled: { status: 501, type: "server_error" },
	rate_limited: { status: 429, type: "rate_limit_error" },
	timeout: { status: 504, type: "timeout_error" },
	backend_error: { status: 502, type: "server_error" },
	// The client is gone, or the host closes. A client that is still there may try another host.
	cancelled: { status: 503, type: "server_error" },
	not_permitted: { status: 403, type: "permission_error" },
	internal: { status: 500, type: "server_error" },
};

const TYPES: Readonly<Record<number, ApiErrorType>> = {
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	429: "rate_limit_error",
	504: "timeout_error",
};

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
	if (thrown instanceof RequestError) {
		const { status, message, param, code } = thrown;
		return { status, headers: {}, body: { error: { message, type: errorTypeOf(status), param, code } } };
	}
	const error = SpearError.from(thrown);
	if (isUnknownModel(error)) return unknownModel(error);
	const { status, type } = MEANINGS[error.code];
	const { message, param } = inClientsWords(error, fieldNames);
	return { status, headers: retryHeaders(error, status), body: { error: { message, type, param, code: codeOf(error) } } };
}

/** Returns the error within a stream that has begun. */
export function apiErrorBody(thrown: unknown, fieldNames?: FieldNames): ApiErrorBody {
	return apiFailure(thrown, fieldNames).body;
}

function codeOf({ code }: SpearError): string {
	return code === "rate_limited" ? "rate_limit_exceeded" : code;
}

/** Returns true if instances serve the operation, and none of them the model. */
function isUnknownModel({ code, explanation }: SpearError): boolean {
	if (code !== "no_candidate_backend" || explanation?.model === undefined) return false;
	const reasons = new Set(explanation.rejected.map(({ reason }) => reason));
	reasons.delete("operation");
	return reasons.size === 1 && reasons.has("model");
}

function unknownModel({ message }: SpearError): ApiFailure {
	const error = { message, type: "not_found_error", param: "model", code: "model_not_found" } as const;
	return { status: 404, headers: {}, body: { error } };
}

/**
 * Returns the headers about another try. The SDK prefers `x-should-retry` to the status, and `retry-after-ms` to `retry-after`, whose
 * seconds are rounded up.
 */
function retryHeaders({ retryable, retryAfterMs }: SpearError, status: number): Record<string, string> {
	if (status !== 429 && status < 500) return {};
	const headers: Record<string, string> = { "x-should-retry": String(retryable) };
	if (retryAfterMs !== undefined) {
		headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
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
): { readonly message: string; readonly param: string | null } {
	const path =
		code === "invalid_request" || code === "missing_capabilities" || code === "not_permitted" ? PATH.exec(message)?.[1] : undefined;
	if (path === undefined) return { message, param: null };
	const param = fieldNames(path);
	return param === undefined ? { message, param: null } : { message: `${param}${message.slice(path.length)}`, param };
}
