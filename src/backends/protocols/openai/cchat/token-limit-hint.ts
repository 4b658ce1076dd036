import { SpearError } from "../../../../errors/spear-error.ts";
import { stringifyJson } from "../../../../transport/http/raw-json.ts";
import { holdsWord, namesMember, refusalOf } from "../refusal.ts";
import type { ChatRequest } from "./api.ts";
import type { ChatOptions } from "./options.ts";

/** The other member that limits the length of an answer. Servers know one of the two, or both. */
const OTHER: Readonly<Record<ChatOptions["maxTokensField"], ChatOptions["maxTokensField"]>> = {
	max_completion_tokens: "max_tokens",
	max_tokens: "max_completion_tokens",
};

/** Words about the value of a member. No option changes the value. */
const ABOUT_VALUE = /too (?:large|small|big|high|low|long)|at (?:most|least)|(?:less|greater) than|exceed|maximum|minimum|must be/i;

/**
 * Returns the error to throw for a refused request. A refusal of the member that limits the length points to the option that selects the
 * member. Any other error stays as it is.
 */
export function withTokenLimitHint(thrown: unknown, request: ChatRequest, { maxTokensField }: ChatOptions): unknown {
	const refusal = refusalOf(thrown);
	if (!(thrown instanceof SpearError) || refusal === undefined || request[maxTokensField] === undefined) return thrown;
	const isInText = (): boolean => holdsWord(stringifyJson({ ...request, [maxTokensField]: undefined }), maxTokensField);
	if (ABOUT_VALUE.test(refusal.body) || !namesMember(refusal, maxTokensField, isInText)) return thrown;
	const { code, message, retryable, attribution, processed, cause } = thrown;
	const hint = `its operator can set the option max_tokens_field to "${OTHER[maxTokensField]}"`;
	return new SpearError(code, `${message}; ${hint}`, { retryable, attribution, processed, cause });
}
