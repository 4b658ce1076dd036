import type * as cchat from "../../../../generated/ir/cchat.ts";
import { callOptions } from "../call-options.ts";
import { EFFORTS, MAX_TOKENS } from "../chat/request.ts";
import { checkFunction, functionTool, responseFormat, toolChoice } from "../chat/tools.ts";
import type { ChatCall } from "../chat-api.ts";
import { unsupported } from "../errors.ts";
import { Fields, isObject, type JsonRecord } from "../fields.ts";
import { conversation } from "./input.ts";

/** A request of Responses in the host's form. */
export interface ResponsesCall extends ChatCall {
	/** Members of the request that an answer repeats. */
	readonly echo: ResponsesEcho;
}

export interface ResponsesEcho {
	readonly instructions: string | null;
	readonly max_output_tokens: number | null;
	readonly metadata: object;
	readonly parallel_tool_calls: boolean;
	readonly reasoning: { readonly effort: string | null; readonly summary: null };
	readonly temperature: number | null;
	readonly text: { readonly format: object };
	readonly tool_choice: unknown;
	readonly tools: readonly unknown[];
	readonly top_p: number | null;
}

/**
 * Returns the call that a request asks for.
 *
 * @throws RequestError that names the wrong or unknown member.
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */
export function responsesCall(body: JsonRecord): ResponsesCall {
	const fields = new Fields(body, "");
	const stream = fields.boolean("stream") ?? false;
	refuseUnsupported(fields);
	const instructions = fields.text("instructions");
	const tools = responsesTools(fields);
	const payload: cchat.Request = { messages: conversation(fields, instructions), tools };
	const model = fields.text("model");
	const choice = toolChoice(fields, tools, (each) => each.requiredText("name"));
	const text = fields.fields("text");
	const format = text?.fields("format");
	const verbosity = text?.oneOf("verbosity", ["low", "medium", "high"]) ?? "medium";
	text?.assertNoRest();
	const params = responsesParams(fields);
	if (model !== undefined && model !== "") payload.model = model;
	if (choice !== undefined) payload.tool_choice = choice;
	if (format !== undefined) payload.response_format = responseFormat(format, (each) => each);
	if (params !== undefined) payload.params = params;
	const echo: ResponsesEcho = {
		instructions: instructions ?? null,
		max_output_tokens: params?.max_output_tokens ?? null,
		metadata: isObject(body.metadata) ? body.metadata : {},
		parallel_tool_calls: params?.parallel_tool_calls ?? true,
		reasoning: { effort: params?.reasoning_effort ?? null, summary: null },
		temperature: params?.temperature ?? null,
		text: { format: text?.object("format") ?? { type: "text" } },
		tool_choice: fields.any("tool_choice") ?? "auto",
		tools: fields.list("tools") ?? [],
		top_p: params?.top_p ?? null,
	};
	const spear = fields.fields("spear");
	const cacheKey = fields.text("prompt_cache_key");
	// A member of Chat Completions too, where a backend passes it.
	const extra = verbosity === "medium" ? fields.rest() : [...fields.rest(), ["verbosity", verbosity] as const];
	return { payload, options: callOptions(spear, { cacheKey, extra }), stream, echo };
}

/** State that this server does not keep, and effects that have no place in an answer of the host. */
function refuseUnsupported(fields: Fields): void {
	const absent: Readonly<Record<string, string>> = {
		previous_response_id: "this server keeps no answers; send the whole conversation in input",
		conversation: "this server keeps no conversations; send the whole conversation in input",
		prompt: "this server keeps no prompts; send instructions and input",
		max_tool_calls: "all tools run at the client, which counts their calls",
		context_management: "the client shortens the conversation",
		moderation: "is not supported; leave it out",
	};
	for (const [name, reason] of Object.entries(absent)) if (fields.any(name) !== undefined) throw unsupported(name, reason);
	if (fields.boolean("store") === true) throw unsupported("store", "this server keeps no answers; send store: false");
	if (fields.boolean("background") === true) throw unsupported("background", "this server keeps no answers; wait for it, or stream it");
	if ((fields.number("top_logprobs") ?? 0) !== 0) throw unsupported("top_logprobs", "probabilities of tokens are not supported");
	const truncation = fields.text("truncation") ?? "disabled";
	if (truncation !== "disabled") throw unsupported("truncation", "the client shortens the conversation; leave it out");
	const tier = fields.text("service_tier") ?? "auto";
	if (tier !== "auto" && tier !== "default")
		throw unsupported("service_tier", "the host's configuration chooses the backends; leave it out");
	// Reasoning is always returned in a form that the client can send back.
	for (const [index, item] of (fields.texts("include") ?? []).entries())
		if (item !== "reasoning.encrypted_content") throw unsupported(`include[${index}]`, "only reasoning.encrypted_content is supported");
	const options = fields.fields("stream_options");
	if (options?.boolean("include_obfuscation") === true)
		throw unsupported(options.at("include_obfuscation"), "is not supported; leave it out");
	options?.assertNoRest();
}

function responsesTools(fields: Fields): cchat.Tool[] {
	return (fields.list("tools") ?? []).map((item, index) => {
		const tool = new Fields(item, `${fields.at("tools")}[${index}]`);
		checkFunction(tool);
		return functionTool(tool);
	});
}

function responsesParams(fields: Fields): cchat.Params | undefined {
	const params: cchat.Params = { stop: [] };
	const temperature = fields.number("temperature", { min: 0, max: 2 });
	const topP = fields.number("top_p", { min: 0, max: 1 });
	const maxTokens = fields.number("max_output_tokens", MAX_TOKENS);
	const effort = reasoningEffort(fields.fields("reasoning"));
	const parallel = fields.boolean("parallel_tool_calls");
	if (temperature !== undefined) params.temperature = temperature;
	if (topP !== undefined) params.top_p = topP;
	if (maxTokens !== undefined) params.max_output_tokens = maxTokens;
	if (effort !== undefined) params.reasoning_effort = effort;
	if (parallel !== undefined) params.parallel_tool_calls = parallel;
	return Object.keys(params).length === 1 ? undefined : params;
}

/** Forms of reasoning that are options of backends, with the value that leaves the form to them. */
const REASONING_STANDARDS = { summary: "auto", generate_summary: "auto", context: "auto", mode: "standard" };

/** Returns the amount of reasoning. */
function reasoningEffort(fields: Fields | undefined): cchat.ReasoningEffort | undefined {
	const effort = fields?.oneOf("effort", EFFORTS);
	for (const [name, standard] of Object.entries(REASONING_STANDARDS)) {
		const value = fields?.text(name) ?? standard;
		if (value !== standard) throw unsupported(`reasoning.${name}`, `options of the backend decide; send ${standard}, or leave it out`);
	}
	fields?.assertNoRest();
	return effort;
}
