import type { ErrorRow } from "../../kit/http/error-table.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";

const isRefusal = (status: number): boolean => status < 500;
const isForbidden = (status: number): boolean => status === 401 || status === 403;

/**
 * The rows in order; the first that applies counts. Marks are in lower case: see {@link errorMarks}. Codes and types decide, because servers repeat words of a request in messages, and a
 * guest could write those of a rejected key. Only two rows read messages, from their beginning, where servers repeat nothing.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter (`ResponsibleAIPolicyViolation`)
 * @see https://openrouter.ai/docs/api-reference/errors (moderation is 403 with `metadata.reasons` and `metadata.flagged_input`)
 * @see https://docs.anthropic.com/en/api/errors
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting and https://cloud.google.com/apis/design/errors
 * @see https://console.groq.com/docs/errors
 * @see https://docs.mistral.ai/getting-started/troubleshooting
 * @see https://api-docs.deepseek.com/quick_start/error_codes (402 for no balance)
 * @see https://docs.together.ai/docs/error-codes
 * @see https://docs.fireworks.ai/guides/inference-error-codes
 * @see https://platform.moonshot.ai/docs/api/chat (`exceeded_current_quota_error`, `engine_overloaded_error`)
 * @see https://docs.litellm.ai/docs/exception_mapping (`budget_exceeded`, `auth_error`, `expired_key`)
 * @see https://github.com/ggml-org/llama.cpp/issues/25510 (500 for arguments in the history that are not JSON)
 */
export const ROWS: readonly ErrorRow[] = [
	{ means: "request", status: isRefusal, mark: /metadata\.(flagged_input|reasons)/ },
	{
		means: "request",
		status: isRefusal,
		mark: /(image_)?content_(policy_violation|filter)|responsibleaipolicyviolation|moderation(_blocked)?|data_inspection_failed|datainspectionfailed|prohibited_content|invalid_prompt|content_blocked|input_moderation|risk_control/,
	},
	{ means: "region", status: isRefusal, mark: /unsupported_country_region_territory|request_forbidden|failed_precondition/ },
	{
		means: "model",
		status: isRefusal,
		mark: /model_not_(found|available|supported|ready|allowed|accessible)|model_permission_blocked_(org|project)|model_(terms_required|decommissioned|access_denied)|invalid_model|unsupported_model|deploymentnotfound|operationnotsupported|(key|team|user|org)_model_access_denied/,
	},
	{
		means: "quota",
		status: isRefusal,
		mark: /insufficient_(quota|balance|credits?|funds|user_quota)|billing(_error|_hard_limit_reached|_not_active)?|(organization|project)_(usage|spend)_limit_exceeded|exceeded_current_quota_error|quota_(exceeded|exhausted)|credit_balance_too_low|payment_required|budget_exceeded|arrearage/,
	},
	{
		means: "quota",
		status: (status) => status === 400,
		mark: /invalid_request_error/,
		message: /^your credit balance is too low to access /i,
	},
	{ means: "quota", status: (status) => status === 429, mark: /insufficient_\w+|credit_limit/ },
	{ means: "quota", status: (status) => status === 402 },
	{
		means: "credentials",
		status: isRefusal,
		mark: /invalid_api_key|(incorrect|wrong)_api_key(_provided)?|api_key_(invalid|expired|service_blocked)|(invalid_)?authentication(_?error|_required)?|auth_error|unauthenticated|unauthorized|expired_key|token_(expired|not_found_in_db)|invalid_token|key_blocked|account_deactivated|consumer_(invalid|suspended)/,
	},
	{ means: "model", status: isForbidden, mark: /param\.model/ },
	{ means: "request", status: isForbidden, mark: /param\..*/ },
	{
		means: "rate",
		status: isRefusal,
		mark: /resource_exhausted|rate_limit(ed|_error|_exceeded|_reached_error)?|too_many_requests|throttling(_error)?/,
	},
	{
		means: "request",
		status: (status) => status === 500,
		mark: /server_error/,
		message:
			/^(Failed to parse tool call arguments as JSON|Failed to parse messages|Failed to parse tools|Unable to generate parser for this template|Value is not callable)/,
	},
];

/** Longest word for programs, in characters. A longer one is a text. */
const MAX_MARK_CHARS = 64;

/** Most items of `details` and members of `metadata` that are read. */
const MAX_ITEMS = 8;

/**
 * Returns the words for programs in an error, in lower case: `type`, `code` and `status`, Azure's `innererror.code`, and the `reason` of each
 * item of Google's `details`. A member `name` of `metadata` is `metadata.name`, a parameter `name` is `param.name`.
 */
export function errorMarks(error: JsonObject): string[] {
	const { type, code, status, innererror, details, metadata, param } = error;
	const reasons = (Array.isArray(details) ? details : []).slice(0, MAX_ITEMS).map((item) => (isObject(item) ? item.reason : undefined));
	const words = [type, code, status, isObject(innererror) ? innererror.code : undefined, ...reasons].map(textOf);
	const members = isObject(metadata) ? Object.keys(metadata).slice(0, MAX_ITEMS) : [];
	const parameter = textOf(param);
	return [...words, ...members.map((name) => `metadata.${name}`), parameter === undefined ? undefined : `param.${parameter}`].flatMap(
		(word) => (word === undefined || word.length > MAX_MARK_CHARS ? [] : word.toLowerCase()),
	);
}
