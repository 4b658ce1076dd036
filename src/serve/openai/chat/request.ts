import type * as cchat from "../../../../generated/ir/cchat.ts";
import { callOptions } from "../call-options.ts";
import type { ChatCall } from "../chat-api.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, type JsonRecord } from "../fields.ts";
import { conversation } from "./messages.ts";
import { chatChoiceName, chatTools, responseFormat, toolChoice } from "./tools.ts";

/** A request of Chat Completions in the host's form. */
export interface ChatCompletionCall extends ChatCall {
	/** True if the last chunk of a stream reports the usage. */
	readonly includeUsage: boolean;
}

export const EFFORTS: readonly cchat.ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** Largest number of output tokens. */
export const MAX_TOKENS = { min: 1, max: 0xffff_ffff, integer: true };

/**
 * Returns the call that a request asks for.
 *
 * @throws RequestError that names the wrong or unknown member.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function chatCall(body: JsonRecord): ChatCompletionCall {
	const fields = new Fields(body, "");
	const stream = fields.boolean("stream") ?? false;
	const includeUsage = streamOptions(fields.fields("stream_options"));
	refuseUnsupported(fields);
	const tools = chatTools(fields);
	const payload: cchat.Request = { messages: conversation(fields.requiredList("messages")), tools };
	const model = fields.text("model");
	const choice = toolChoice(fields, tools, chatChoiceName);
	const format = fields.fields("response_format");
	const params = chatParams(fields);
	if (model !== undefined && model !== "") payload.model = model;
	if (choice !== undefined) payload.tool_choice = choice;
	if (format !== undefined) payload.response_format = responseFormat(format, (each) => each.requiredFields("json_schema"));
	if (params !== undefined) payload.params = params;
	const spear = fields.fields("spear");
	const cacheKey = fields.text("prompt_cache_key");
	return { payload, options: callOptions(spear, { cacheKey, extra: fields.rest() }), stream, includeUsage };
}

/** Returns true if a stream reports its usage. The other option adds random characters to chunks, which this server does not do. */
function streamOptions(fields: Fields | undefined): boolean {
	const includeUsage = fields?.boolean("include_usage") ?? false;
	if (fields?.boolean("include_obfuscation") === true)
		throw unsupported(fields.at("include_obfuscation"), "is not supported; leave it out");
	fields?.assertNoRest();
	return includeUsage;
}

/** Members whose effect has no place in an answer of the host. Values that ask for nothing are accepted: many clients send all members. */
function refuseUnsupported(fields: Fields): void {
	if ((fields.number("n", { integer: true }) ?? 1) !== 1) throw unsupported("n", "one answer a request is supported; send n requests");
	if (fields.boolean("logprobs") === true) throw unsupported("logprobs", "probabilities of tokens are not supported");
	if ((fields.number("top_logprobs") ?? 0) !== 0) throw unsupported("top_logprobs", "probabilities of tokens are not supported");
	const modalities = fields.texts("modalities") ?? [];
	if (modalities.some((each) => each !== "text")) throw unsupported("modalities", "only text is supported; /v1/audio/speech speaks");
	if (fields.any("audio") !== undefined) throw unsupported("audio", "only text is supported; /v1/audio/speech speaks");
	for (const name of ["functions", "function_call"]) {
		const value = fields.any(name);
		if (value !== undefined && !(Array.isArray(value) && value.length === 0))
			throw unsupported(name, "functions are replaced by tools; use tools and tool_choice");
	}
	if (fields.boolean("store") === true) throw unsupported("store", "this server keeps no answers");
	const tier = fields.any("service_tier");
	if (tier !== undefined && tier !== "auto" && tier !== "default")
		throw unsupported("service_tier", "the host's configuration chooses the backends; leave it out");
}

function chatParams(fields: Fields): cchat.Params | undefined {
	const stop = stopSequences(fields);
	const params: cchat.Params = { stop: stop ?? [] };
	const temperature = fields.number("temperature", { min: 0, max: 2 });
	const topP = fields.number("top_p", { min: 0, max: 1 });
	const maxTokens = maxOutputTokens(fields);
	const seed = fields.number("seed", { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, integer: true });
	const presence = fields.number("presence_penalty", { min: -2, max: 2 });
	const frequency = fields.number("frequency_penalty", { min: -2, max: 2 });
	const effort = fields.oneOf("reasoning_effort", EFFORTS);
	const parallel = fields.boolean("parallel_tool_calls");
	if (temperature !== undefined) params.temperature = temperature;
	if (topP !== undefined) params.top_p = topP;
	if (maxTokens !== undefined) params.max_output_tokens = maxTokens;
	if (seed !== undefined) params.seed = seed;
	if (presence !== undefined) params.presence_penalty = presence;
	if (frequency !== undefined) params.frequency_penalty = frequency;
	if (effort !== undefined) params.reasoning_effort = effort;
	if (parallel !== undefined) params.parallel_tool_calls = parallel;
	return Object.keys(params).length === 1 && params.stop.length === 0 ? undefined : params;
}

function stopSequences(fields: Fields): string[] | undefined {
	return typeof fields.any("stop") === "string" ? [fields.requiredText("stop")] : fields.texts("stop");
}

/** Returns the longest answer. Older clients send `max_tokens`, and some send both. */
function maxOutputTokens(fields: Fields): number | undefined {
	const [now, before] = [fields.number("max_completion_tokens", MAX_TOKENS), fields.number("max_tokens", MAX_TOKENS)];
	if (now !== undefined && before !== undefined && now !== before)
		throw invalid("max_tokens", "differs from max_completion_tokens; send one of the two");
	return now ?? before;
}

/** Members of the request by the paths of the host. */
const NAMES: readonly (readonly [path: RegExp, name: string])[] = [
	[/^params\.max_output_tokens\b/, "max_completion_tokens"],
	[/^params\./, ""],
	[/^options\.provider_options\./, ""],
	[/^provider_options\./, ""],
	[/^options\./, "spear."],
	[/^(tools\[\d+\])\.(?=name|description|parameters|strict)/, "$1.function."],
	[/^tool_choice\.named\b/, "tool_choice.function.name"],
	[/^(messages\[\d+\]\.tool_calls\[\d+\])\.(?=name|arguments)/, "$1.function."],
	[/^(messages\[\d+\]\.content\[\d+\])\.image\.source.*$/, "$1.image_url.url"],
	[/^(messages\[\d+\]\.content\[\d+\])\.audio\.source.*$/, "$1.input_audio.data"],
	[/^(messages\[\d+\]\.content\[\d+\])\.audio\./, "$1.input_audio."],
	[/^(messages\[\d+\]\.content\[\d+\])\.file\.source.*$/, "$1.file.file_data"],
	[/^(messages\[\d+\])\.content\[\d+\]\.(?:reasoning|opaque)\b.*$/, "$1.reasoning_details"],
];

/** Returns the client's member for a path of the host. */
export function chatField(path: string): string {
	const found = NAMES.find(([pattern]) => pattern.test(path));
	return found === undefined ? path : path.replace(...found);
}
