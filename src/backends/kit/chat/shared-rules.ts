/** Rules of fields that several vendors treat alike. */
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { ruleGroups } from "../../rule-groups.ts";
import { drop, emulate, type FieldRule, type FixedRule, map, pass, reject, when } from "../../rules.ts";
import type { VendorDialects } from "../schema/dialect.ts";
import { type SchemaRules, schemaRules } from "../schema/rules.ts";
import type { Emulations } from "./emulate/options.ts";
import type { OpaqueOptions } from "./opaque-options.ts";
import { demandsCall } from "./tools.ts";

const { each, under } = ruleGroups("chat_completions");

/** Fields that every protocol has. A vendor that treats one of them in another way names the field after these. */
export const COMMON_RULES = {
	...each(
		[
			"model",
			"messages",
			"messages.content",
			"messages.tool_calls",
			"tools",
			"tools.name",
			"tools.description",
			"tool_choice",
			"tool_choice.auto",
			"response_format",
			"response_format.text",
			"params",
		],
		pass,
	),
	"messages.tool_calls.name": map("a name that no tool can have is written with _"),
} as const;

/** Returns the entries for tools and forms of the answer at a vendor that enforces each of them. */
export function enforcedRules(dialects: VendorDialects) {
	const { parameters, output } = schemaRules(dialects);
	return {
		"tools.parameters": parameters,
		...each(["tools.strict", "tool_choice.none", "tool_choice.required", "tool_choice.named", "response_format.json_object"], pass),
		...each(["response_format.json_schema", "response_format.json_schema.name", "response_format.json_schema.strict"], pass),
		"response_format.json_schema.schema": output,
	};
}

type Media = "image" | "audio" | "file";
type SourceType = "inline" | "stored" | "url";

/** Entries for parts with media, whose sources {@link sourceRules} treats. */
export function mediaRules<M extends Media>(
	media: readonly M[],
): { readonly [F in `messages.content.${M}` | `messages.content.${M}.source`]: FixedRule } {
	return {
		...each(
			media.map((type): `messages.content.${M}` => `messages.content.${type}`),
			pass,
		),
		...each(
			media.map((type): `messages.content.${M}.source` => `messages.content.${type}.source`),
			pass,
		),
	};
}

/** Entries for the types of sources of media. */
export function sourceRules<M extends Media, S extends SourceType>(
	media: readonly M[],
	sources: readonly S[],
	rule: FixedRule,
): { readonly [F in `messages.content.${M}.source.${S}`]: FixedRule } {
	const fields = media.flatMap((type) =>
		sources.map((source): `messages.content.${M}.source.${S}` => `messages.content.${type}.source.${source}`),
	);
	return each(fields, rule);
}

export const SYSTEM_FIRST = when<cchat.Role>("system", (role) => role === "system", map("moved to the beginning of the conversation"));

const NO_BLANK_TEXT = when<string>(
	"empty or of white space",
	(text) => !/\S/.test(text),
	drop("the API refuses it; a message of which nothing else remains is left out"),
);

const SIGNED_REASONING = when<cchat.ReasoningPart>(
	"without a sealed form",
	({ sealed }) => sealed === undefined,
	drop("the API takes back only thinking that it has signed"),
);

/** Returns the rule of a tool's schema, which must be that of an object. `otherwise` is the rule of such schemas. */
function objectSchema(otherwise: FieldRule<cchat.Tool["parameters"], cchat.Request>): typeof otherwise {
	return when(
		'whose type is not "object"',
		({ type = "object" }) => type !== "object" && !(Array.isArray(type) && type.includes("object")),
		reject('the API accepts only schemas whose type is "object"'),
		otherwise,
	);
}

export const NO_CITATIONS = drop("the API takes no citations back; the text that cites is sent");

export const OBJECT_ARGUMENTS = map("a text that is no JSON object is sent within one");

export const PARALLEL_WITH_TOOLS = when<boolean, cchat.Request>(
	"without tools",
	(_, { tools }) => tools.length === 0,
	map("left out: it has no meaning"),
);

export const NO_CALL_LIMIT = when<boolean>("false", (parallel) => !parallel, drop("the model decides about the number of calls"));

/** Rule of an effort that is sent to Claude as a budget of thinking. */
export function budgetOfTokens({ jsonSchema }: Pick<Emulations, "jsonSchema">) {
	return when<cchat.ReasoningEffort, cchat.Request>(
		"in a request that demands a tool call",
		(effort, { tools, tool_choice, response_format }) => {
			const isSchemaTool = jsonSchema === "tool" && response_format?.type === "json_schema";
			return effort !== "none" && (isSchemaTool || demandsCall(tools, tool_choice));
		},
		drop("Claude refuses a budget of thinking together with such a demand"),
		map("sent as a budget of tokens"),
	);
}

export const TEMPERATURE_TO_1 = when<number>("above 1", (temperature) => temperature > 1, emulate("sent as 1, the API's maximum"));

/** Returns the rule of opaque parts. `otherwise` is the rule of those that the provider has sent. */
export function opaqueRule(
	{ sendOpaque, provider }: OpaqueOptions,
	otherwise: FieldRule<types.OpaquePart> = pass,
): FieldRule<types.OpaquePart> {
	if (!sendOpaque) return drop("the option send_opaque is false");
	return when("of another provider", (part) => part.provider !== provider, drop("only its provider understands it"), otherwise);
}

/** Entries for vendors whose messages are lists of blocks, as those of Claude. */
export function blockRules(chat: OpaqueOptions, schemas: SchemaRules) {
	return {
		...COMMON_RULES,
		"messages.role": SYSTEM_FIRST,
		"messages.content.text": NO_BLANK_TEXT,
		...mediaRules(["image", "file"]),
		"messages.content.image.detail": drop("the API has no levels of detail"),
		"messages.content.refusal": map("sent as text"),
		"messages.content.reasoning": SIGNED_REASONING,
		"messages.content.reasoning.text": map("a part of its sealed form"),
		"messages.content.reasoning.sealed": opaqueRule(chat),
		...under("messages.content.annotation", NO_CITATIONS),
		"messages.content.opaque": opaqueRule(chat),
		"messages.tool_calls.arguments": OBJECT_ARGUMENTS,
		"messages.tool_call_id": map("the id of the call as it is sent"),
		"messages.name": drop("the API has no names of authors"),
		"tools.strict": pass,
		"tools.parameters": objectSchema(schemas.parameters),
		"tool_choice.required": map("sent as any"),
		"tool_choice.named": pass,
		"response_format.json_object": reject("the API has no JSON mode without a schema", { lenient: drop("the API has no JSON mode") }),
		"response_format.json_schema": pass,
		"response_format.json_schema.schema": schemas.output,
		"response_format.json_schema.strict": map("left out: the API always enforces the schema"),
		"params.seed": reject("the API has no seed", { lenient: drop("the API has no seed") }),
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
	} as const;
}
