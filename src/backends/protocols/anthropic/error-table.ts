import type { ErrorRow } from "../../kit/http/error-table.ts";

/**
 * The rows in order; the first that applies counts. The mark is `error.type`.
 *
 * @see https://platform.claude.com/docs/en/api/errors (a spend limit that the operator set is 400 `invalid_request_error`)
 */
export const ROWS: readonly ErrorRow[] = [
	{ mark: "billing_error", means: "quota" },
	{ mark: "invalid_request_error", message: /^your credit balance is too low to access /i, means: "quota" },
	{ mark: "invalid_request_error", message: /^you have reached your specified (?:\w+ )?api usage limits/i, means: "quota" },
	{ mark: "invalid_request_error", means: "request" },
	{ mark: "request_too_large", means: "size" },
	{ mark: "authentication_error", means: "credentials" },
	{ mark: "permission_error", means: "credentials" },
	{ mark: "forbidden", message: /^request not allowed/i, means: "region" },
	{ mark: "not_found_error", means: "model" },
	{ mark: "conflict_error", means: "conflict" },
	{ mark: "rate_limit_error", means: "rate" },
	{ mark: "overloaded_error", means: "overloaded" },
	{ mark: "timeout_error", means: "timeout" },
	{ mark: "api_error", means: "failure" },
	{ status: 402, means: "quota" },
	{ status: 529, means: "overloaded" },
];
