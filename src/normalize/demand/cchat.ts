import type * as cchat from "../../../generated/ir/cchat.ts";
import type { Demand } from "../../../generated/ir/envelope.ts";
import { jsonTokens, textTokens } from "./tokens.ts";

/** What the frame of a message or of a tool takes, in tokens. */
const FRAME_TOKENS = 4;

/** All text that the model is to read, and how much it may write. What media take differs too much between models to be counted. */
export function cchatDemand({ messages, tools, response_format, params }: cchat.Request): Demand {
	let tokens = 0;
	for (const message of messages) tokens += messageTokens(message);
	for (const tool of tools) tokens += toolTokens(tool);
	if (response_format?.type === "json_schema") tokens += jsonTokens(response_format.json_schema.schema);
	const output = params?.max_output_tokens;
	return { input_tokens: tokens, ...(output === undefined ? {} : { output_tokens: output }) };
}

function messageTokens({ content, tool_calls, name = "" }: cchat.Message): number {
	let tokens = FRAME_TOKENS + textTokens(name);
	for (const part of content) {
		if (part.type === "text") tokens += textTokens(part.text);
		else if (part.type === "refusal") tokens += textTokens(part.refusal);
		else if (part.type === "reasoning") tokens += textTokens(part.reasoning.text);
	}
	for (const call of tool_calls) tokens += FRAME_TOKENS + textTokens(call.name) + textTokens(call.arguments);
	return tokens;
}

function toolTokens({ name, description = "", parameters }: cchat.Tool): number {
	return FRAME_TOKENS + textTokens(name) + textTokens(description) + jsonTokens(parameters);
}
