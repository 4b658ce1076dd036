/**
 * The meaning of an error.
 * - `request`: the request's content or parameters.
 * - `size`: the request has too many bytes.
 * - `model`: the model, or another resource, is unknown.
 * - `credentials`: the key.
 * - `quota`: money or quota are used up, until the operator acts.
 * - `rate`: too many requests or tokens for now.
 * - `overloaded`: the upstream has no capacity for any requests now.
 * - `conflict`: the state of a resource changed.
 * - `timeout`: the upstream ran out of time.
 * - `failure`: the upstream failed.
 */
export type ErrorMeaning =
	| "request"
	| "size"
	| "model"
	| "credentials"
	| "quota"
	| "rate"
	| "overloaded"
	| "conflict"
	| "timeout"
	| "failure";

/** A row of the table. The row applies if all of its members apply. */
interface ErrorRow {
	readonly means: ErrorMeaning;
	/** `error.type` of the body. */
	readonly type?: string;
	/** HTTP status, for a body without a known type. */
	readonly status?: number;
	/** Matches the beginning of the message, where the API repeats nothing of the request. */
	readonly message?: RegExp;
}

/**
 * The rows in order; the first that applies counts.
 *
 * @see https://platform.claude.com/docs/en/api/errors (a spend limit that the operator set is 400 `invalid_request_error`)
 */
const ROWS: readonly ErrorRow[] = [
	{ type: "billing_error", means: "quota" },
	{ type: "invalid_request_error", message: /^your credit balance is too low to access /i, means: "quota" },
	{ type: "invalid_request_error", message: /^you have reached your specified (?:\w+ )?api usage limits/i, means: "quota" },
	{ type: "invalid_request_error", means: "request" },
	{ type: "request_too_large", means: "size" },
	{ type: "authentication_error", means: "credentials" },
	{ type: "permission_error", means: "credentials" },
	{ type: "not_found_error", means: "model" },
	{ type: "conflict_error", means: "conflict" },
	{ type: "rate_limit_error", means: "rate" },
	{ type: "overloaded_error", means: "overloaded" },
	{ type: "timeout_error", means: "timeout" },
	{ type: "api_error", means: "failure" },
	{ status: 402, means: "quota" },
	{ status: 529, means: "overloaded" },
];

/** Statuses with the same meaning. The first replaces another status, the others stay, because they say more. */
export const STATUSES: { readonly [M in Exclude<ErrorMeaning, "quota" | "overloaded">]: readonly [number, ...number[]] } = {
	request: [400, 413, 422],
	size: [413],
	model: [404],
	credentials: [401, 403],
	rate: [429],
	conflict: [409],
	timeout: [504, 408],
	failure: [500, 501, 502, 503],
};

/** Returns the meaning of an error; `undefined` for that of its status. */
export function meaningOf(status: number, type: string | undefined, message = ""): ErrorMeaning | undefined {
	return ROWS.find(
		(row) =>
			(row.type === undefined || row.type === type) &&
			(row.status === undefined || row.status === status) &&
			(row.message?.test(message) ?? true),
	)?.means;
}
