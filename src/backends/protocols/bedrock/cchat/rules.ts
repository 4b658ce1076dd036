import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { type Emulations, emulationRules } from "../../../kit/chat/emulate/options.ts";
import { blockRules, budgetOfTokens, mediaRules, sourceRules, TEMPERATURE_TO_1 } from "../../../kit/chat/shared-rules.ts";
import { BEDROCK_CONVERSE, bedrockDialects } from "../../../kit/schema/dialects/bedrock-converse.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { drop, emulate, type FieldRules, map, pass, when } from "../../../rules.ts";
import type { BedrockOptions } from "../options.ts";
import type { ReasoningForm } from "./reasoning.ts";

const AS_BYTES = map("the bytes are sent within the request, as base64");

const CALLS = when<cchat.ToolCall[], cchat.Request>(
	"in a request that offers no tools",
	(_, { tools, tool_choice }) => tools.length === 0 || tool_choice?.type === "none",
	emulate("calls and results are sent as texts, because the API refuses them without tools"),
);

const PARALLEL_CALLS = when<boolean>("false", (parallel) => !parallel, drop("the API does not bound the calls of an answer"));

/**
 * Returns the treatment of every field of a chat by an instance.
 *
 * @param upstreamOf Returns the upstream's id of the model of a request, because models read different parts of schemas.
 */
export function chatRules(
	{ chat }: Pick<BedrockOptions, "chat">,
	upstreamOf: (request: cchat.Request) => string,
): FieldRules<"chat_completions"> {
	const schemas = schemaRules(BEDROCK_CONVERSE, (request) => bedrockDialects(upstreamOf(request)));
	return {
		...blockRules(chat, schemas),
		...mediaRules(["audio"]),
		"messages.content.audio.format": pass,
		...sourceRules(["image", "audio", "file"], ["inline", "stored"], AS_BYTES),
		...sourceRules(["image", "audio", "file"], ["url"], map("the host downloads it and sends the bytes")),
		"messages.content.file.filename": map("without its ending and the characters that the API refuses; a repeated name gets a number"),
		"messages.tool_calls": CALLS,
		"messages.tool_calls.id": map("an id of another form is replaced; a repeated id is made unique"),
		"messages.is_error": map("sent as the status of the result"),
		"tool_choice.none": emulate("the tools are left out"),
		"response_format.json_schema.name": pass,
		"params.temperature": TEMPERATURE_TO_1,
		"params.top_p": pass,
		"params.max_output_tokens": map("sent as maxTokens"),
		"params.stop": map("sent as stopSequences"),
		"params.reasoning_effort": effortRule(chat.reasoning, chat.emulations),
		"params.parallel_tool_calls": PARALLEL_CALLS,
		...emulationRules(chat.emulations),
	};
}

/** Forms without a word for no reasoning. */
const NO_NONE: ReadonlySet<ReasoningForm> = new Set(["effort", "reasoning_effort"]);

function effortRule(form: ReasoningForm, emulations: Emulations): FieldRules<"chat_completions">["params.reasoning_effort"] {
	if (form === "budget") return budgetOfTokens(emulations);
	const isTop = (effort: cchat.ReasoningEffort): boolean => effort === "xhigh" || effort === "max";
	const sent = map(`sent in the form ${form}`);
	const top = form === "nova" || form === "reasoning_effort" ? when("xhigh or max", isTop, emulate("sent as high, the most"), sent) : sent;
	const least = when<cchat.ReasoningEffort>("minimal", (effort) => effort === "minimal", emulate("sent as low, the least"), top);
	return NO_NONE.has(form) ? when("none", (effort) => effort === "none", drop("the model decides about its reasoning"), least) : least;
}
