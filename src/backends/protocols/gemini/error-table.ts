import type { ErrorRow } from "../../kit/http/error-table.ts";

/**
 * The rows in order; the first that applies counts. Marks are `status`, the `reason` of an ErrorInfo, and `quota:` with the ids of the
 * exceeded quotas; `retry` if the error asks for a pause. An invalid key has the status 400.
 *
 * Google describes an exceeded rate as a quota too. The name of the quota has the period. A daily quota, a quota of zero and prepaid credit
 * end all requests for long.
 *
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting
 * @see https://ai.google.dev/gemini-api/docs/rate-limits
 * @see https://github.com/googleapis/python-genai/issues/1218 (a file that the key may not read)
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export const ROWS: readonly ErrorRow[] = [
	{
		mark: /API_KEY_\w+|ACCESS_TOKEN_\w+|CREDENTIALS_MISSING|SERVICE_DISABLED|CONSUMER_INVALID|ACCOUNT_STATE_INVALID/,
		means: "credentials",
	},
	{ mark: /BILLING_\w+/, means: "quota" },
	{ mark: "UNAUTHENTICATED", means: "credentials" },
	{ mark: "FAILED_PRECONDITION", message: /^user location is not supported/i, means: "region" },
	{ mark: "FAILED_PRECONDITION", message: /^gemini api free tier is not available in your country/i, means: "region" },
	// A resource that a request names. The same key serves other requests, so a guest could make it unavailable.
	{
		mark: "PERMISSION_DENIED",
		message: /^you do not have permission to access (?:tuned model|the file|the cached ?content) /i,
		means: "model",
	},
	// Vertex AI answers so for a model that does not exist.
	{ mark: "PERMISSION_DENIED", message: /^permission '[\w.]{1,100}' denied on resource /i, means: "model" },
	{ mark: "PERMISSION_DENIED", means: "credentials" },
	{ mark: "NOT_FOUND", means: "model" },
	{ mark: /UNAVAILABLE|MODEL_CAPACITY_EXHAUSTED/, means: "overloaded" },
	{ mark: /quota:(?:[\w-]*PerDay[\w-]*|zero)/, means: "quota" },
	{ mark: "QUOTA_EXHAUSTED", means: "quota" },
	{ mark: "RESOURCE_EXHAUSTED", message: /^your prepayment credits are depleted/i, means: "quota" },
	{ mark: "RESOURCE_EXHAUSTED", message: /^your project has exceeded its (?:monthly )?spending cap/i, means: "quota" },
	{ mark: /retry|quota:[\w-]+/, means: "rate" },
	{ mark: "RESOURCE_EXHAUSTED", message: /^you exceeded your current quota/i, means: "quota" },
	{ mark: "RESOURCE_EXHAUSTED", means: "rate" },
	{ mark: "DEADLINE_EXCEEDED", means: "timeout" },
	{ mark: "ABORTED", means: "conflict" },
	{ mark: /INTERNAL|UNKNOWN|DATA_LOSS/, means: "failure" },
	{ mark: /INVALID_ARGUMENT|FAILED_PRECONDITION|OUT_OF_RANGE/, means: "request" },
];
