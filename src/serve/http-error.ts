import type { ErrorReason } from "../errors/error-reason.ts";
import { GuestError } from "../errors/guest-error.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isStoreFailure } from "../host/runs/store-failure.ts";

/** A refusal of the server itself, before a request reaches the host. The message is for the client. */
export class HttpError extends Error {
	override readonly name = "HttpError";
	readonly status: number;
	/** Short name of the error, e.g. `unauthenticated`. */
	readonly code: string;
	/** The part of the request at fault, e.g. `messages[0].role`. Absent for none. */
	readonly param: string | undefined;
	/** Further headers of the answer. */
	readonly headers: Readonly<Record<string, string>>;

	constructor(
		status: number,
		code: string,
		message: string,
		{ param, headers = {} }: { readonly param?: string | undefined; readonly headers?: Readonly<Record<string, string>> } = {},
	) {
		super(message);
		this.status = status;
		this.code = code;
		this.param = param;
		this.headers = headers;
	}
}

/** A failure as an answer of HTTP shows it. */
export interface HttpFailure {
	readonly status: number;
	/** Code of a SpearError, of a guest's failure, or of an HttpError. */
	readonly code: string;
	/** Finer reason of a `rate_limited` error. Absent for none. */
	readonly reason?: ErrorReason;
	readonly message: string;
	readonly param: string | undefined;
	/** True if the same request may succeed later. */
	readonly retryable: boolean;
	/** Time to wait before a retry, in milliseconds. Absent if it is unknown. */
	readonly retryAfterMs: number | undefined;
	readonly headers: Readonly<Record<string, string>>;
}

/** Status of a request whose client has gone. Only the access log shows it. */
export const CLIENT_CLOSED = 499;

const STATUS: Readonly<Record<SpearError["code"], number>> = {
	invalid_request: 400,
	missing_capabilities: 400,
	no_candidate_backend: 503,
	backend_not_enabled: 503,
	rate_limited: 429,
	timeout: 504,
	backend_error: 502,
	cancelled: CLIENT_CLOSED,
	not_permitted: 403,
	internal: 500,
};

/** Returns a thrown value as an answer shows it. The texts of unexpected errors are withheld. */
export function httpFailure(thrown: unknown): HttpFailure {
	if (thrown instanceof HttpError) {
		const { status, code, message, param, headers } = thrown;
		return { status, code, message, param, headers, retryable: status === 503 || status === 429, retryAfterMs: undefined };
	}
	if (thrown instanceof GuestError) {
		const { failure } = thrown;
		return {
			status: 500,
			code: `guest_${failure}`,
			message: withoutStderr(thrown),
			param: undefined,
			headers: {},
			retryable: false,
			retryAfterMs: undefined,
		};
	}
	const error = SpearError.from(thrown);
	if (isStoreFailure(error))
		return httpFailure(new HttpError(503, "store_unavailable", error.message, { headers: { "retry-after": "1" } }));
	return {
		status: isUnknownModel(error) ? 404 : STATUS[error.code],
		code: error.code,
		...(error.reason === undefined ? {} : { reason: error.reason }),
		message: error.message,
		param: undefined,
		retryable: error.retryable,
		retryAfterMs: error.retryAfterMs,
		headers: {},
	};
}

/** Returns the message of a guest's failure. What the guest wrote to its standard error is for the operator. */
function withoutStderr({ message, stderr }: GuestError): string {
	return stderr === "" ? message : message.slice(0, -stderr.length).trimEnd();
}

/** Returns true if no backend serves the model, whatever its state. */
function isUnknownModel({ code, explanation }: SpearError): boolean {
	if (code !== "no_candidate_backend" || explanation?.model === undefined || explanation.rejected.length === 0) return false;
	return explanation.rejected.every(({ reason }) => reason === "model" || reason === "operation");
}
