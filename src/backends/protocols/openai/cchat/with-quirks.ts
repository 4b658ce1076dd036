import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { type ChatCompletionsField, walkFields } from "../../../../../generated/ir/fields/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { drop, emulate, type FieldRules, map, reject, when } from "../../../rules.ts";
import { isDropped, withoutField } from "./dropped-fields.ts";
import type { ChatQuirks } from "./quirks.ts";

type Rules = FieldRules<"chat_completions">;

const NO_CHOICE = "the server has no tool_choice";

/** Fields that a server with these quirks refuses, and the reasons. */
function rejectedFields({ rejects = {}, noToolChoice = false }: ChatQuirks): NonNullable<ChatQuirks["rejects"]> {
	return noToolChoice ? { "tool_choice.required": NO_CHOICE, "tool_choice.named": NO_CHOICE, ...rejects } : rejects;
}

/** Returns the rules of the fields that quirks change, in place of those of the protocol. */
export function quirkRules(quirks: ChatQuirks): Partial<Rules> {
	const { seed, callIds, maxTemperature, efforts = {}, noReasoning, refusalsAsText, schemaInJsonObject, noToolChoice, drops = {} } = quirks;
	const fixed = [
		...Object.entries(drops).map(([field, reason]) => [field, drop(reason)] as const),
		...Object.entries(rejectedFields(quirks)).map(([field, reason]) => [field, reject(reason, { lenient: drop(reason) })] as const),
	];
	return {
		...(seed === undefined
			? {}
			: { "params.seed": when(`below ${seed.min}`, (value) => value < seed.min, reject("it is too small"), map(`sent as ${seed.field}`)) }),
		...(callIds === undefined ? {} : { "messages.tool_calls.id": map("an id of another form is replaced") }),
		...(maxTemperature === undefined
			? {}
			: { "params.temperature": when(`above ${maxTemperature}`, (value) => value > maxTemperature, emulate(`sent as ${maxTemperature}`)) }),
		...(Object.keys(efforts).length === 0 && noReasoning === undefined ? {} : { "params.reasoning_effort": effortRule(quirks) }),
		...(refusalsAsText === true ? { "messages.content.refusal": emulate("sent as text") } : {}),
		...(schemaInJsonObject === true ? { "response_format.json_schema": map("sent as the schema of a JSON object") } : {}),
		...(noToolChoice === true ? { "tool_choice.none": emulate("the tools are left out"), "tool_choice.auto": map("left out") } : {}),
		...Object.fromEntries(fixed),
	};
}

function effortRule({ efforts = {}, noReasoning }: ChatQuirks): Rules["params.reasoning_effort"] {
	const others = when<cchat.ReasoningEffort>(
		Object.keys(efforts).join(", "),
		(effort) => effort !== "none" && efforts[effort] !== undefined,
		emulate("sent as the nearest word of the server"),
	);
	return noReasoning === undefined ? others : when("none", (effort) => effort === "none", map("sent in the server's own form"), others);
}

/**
 * Returns a request as a server with these quirks can receive it.
 *
 * @throws SpearError `missing_capabilities` for a field that the server refuses; `invalid_request` for a value that it cannot take.
 */
export function withQuirks(request: cchat.Request, quirks: ChatQuirks): cchat.Request {
	refuse(request, rejectedFields(quirks));
	const { refusalsAsText = false, noToolChoice = false, drops = {} } = quirks;
	let adapted = request;
	for (const field of Object.keys(drops)) if (isDropped(field)) adapted = withoutField(adapted, field);
	if (refusalsAsText) adapted = { ...adapted, messages: adapted.messages.map(refusalAsText) };
	if (noToolChoice) adapted = withoutToolChoice(adapted);
	return adapted.params === undefined ? adapted : { ...adapted, params: withParams(adapted.params, quirks) };
}

function refuse(request: cchat.Request, rejects: NonNullable<ChatQuirks["rejects"]>): void {
	if (Object.keys(rejects).length === 0) return;
	walkFields(request, (field: ChatCompletionsField) => {
		const reason = rejects[field];
		if (reason !== undefined) throw new SpearError("missing_capabilities", `${field}: this backend cannot take it, because ${reason}`);
	});
}

function refusalAsText(message: cchat.Message): cchat.Message {
	if (!message.content.some(({ type }) => type === "refusal")) return message;
	return { ...message, content: message.content.map((part) => (part.type === "refusal" ? { type: "text", text: part.refusal } : part)) };
}

function withoutToolChoice({ tool_choice, ...request }: cchat.Request): cchat.Request {
	return tool_choice?.type === "none" ? { ...request, tools: [] } : request;
}

function withParams(params: cchat.Params, { seed, maxTemperature, efforts = {} }: ChatQuirks): cchat.Params {
	const { temperature, reasoning_effort: effort } = params;
	if (seed !== undefined && params.seed !== undefined && params.seed < seed.min)
		throw new SpearError("invalid_request", `params.seed: this backend accepts no seed below ${seed.min}`);
	return {
		...params,
		...(temperature === undefined || maxTemperature === undefined ? {} : { temperature: Math.min(temperature, maxTemperature) }),
		...(effort === undefined || effort === "none" ? {} : { reasoning_effort: efforts[effort] ?? effort }),
	};
}
