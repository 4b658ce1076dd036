import { apiFailure, type FieldNames } from "../openai/errors.ts";

/** Types of errors by status. */
const TYPES: Readonly<Record<number, string>> = {
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	413: "request_too_large",
	429: "rate_limit_error",
	503: "overloaded_error",
	504: "timeout_error",
};

/** Returns the body of a failed answer. */
export function errorBody(thrown: unknown, requestId: string): object {
	const { status, body } = apiFailure(thrown, messagesField);
	const type = TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
	return { type: "error", error: { type, message: body.error.message }, request_id: requestId };
}

/** Members of the request by the paths of the host. */
const NAMES: readonly (readonly [path: RegExp, name: string])[] = [
	[/^params\.max_output_tokens\b/, "max_tokens"],
	[/^params\.stop\b/, "stop_sequences"],
	[/^params\.reasoning_effort\b/, "output_config.effort"],
	[/^params\./, ""],
	[/^(?:options\.)?provider_options\./, ""],
	[/^options\./, "spear."],
	[/^(tools\[\d+\])\.parameters\b/, "$1.input_schema"],
	[/^tool_choice\.named\b/, "tool_choice.name"],
	[/^response_format\b.*$/, "output_config.format"],
	// The system prompt and results of tools are messages of their own.
	[/^messages\b.*$/, "messages"],
];

/** Returns the client's member for a path of the host. */
export const messagesField: FieldNames = (path) => {
	const found = NAMES.find(([pattern]) => pattern.test(path));
	return found === undefined ? path : path.replace(...found);
};
