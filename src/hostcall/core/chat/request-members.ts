import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { withParam } from "../../../normalize/cchat.ts";
import { fault } from "../../../normalize/fault.ts";
import { isJsonObject } from "../json-object.ts";

/** Members of a request without its messages and tools. */
export interface RequestMembers {
	readonly request: Omit<cchat.Request, "messages" | "tools">;
	/** Parameters that only some upstreams know. */
	readonly providerOptions: JsonObject;
}

/** Parameters of sampling and length: OpenAI's name, and the ABI's. */
const PARAMS: ReadonlyMap<string, keyof cchat.Params> = new Map([
	["temperature", "temperature"],
	["top_p", "top_p"],
	["max_tokens", "max_output_tokens"],
	["max_completion_tokens", "max_output_tokens"],
	["stop", "stop"],
	["seed", "seed"],
	["presence_penalty", "presence_penalty"],
	["frequency_penalty", "frequency_penalty"],
	["reasoning_effort", "reasoning_effort"],
	["parallel_tool_calls", "parallel_tool_calls"],
]);

/**
 * Returns the members of a request for parameters of OpenAI's Chat Completions. Parameters that the ABI does not know become provider
 * options, which a backend accepts or refuses by name.
 *
 * @throws SpearError `invalid_request`, naming the parameter at fault.
 */
export function requestMembers(model: string | undefined, values: Iterable<readonly [string, JsonValue]>): RequestMembers {
	let params: cchat.Params | undefined;
	let choice: cchat.ToolChoice | undefined;
	let format: cchat.ResponseFormat | undefined;
	const others: [string, JsonValue][] = [];
	for (const [name, value] of values) {
		const param = PARAMS.get(name);
		if (param !== undefined) params = withParam(params, param, name === "stop" && typeof value === "string" ? [value] : value);
		else if (name === "tool_choice") choice = toolChoice(value);
		else if (name === "response_format") format = responseFormat(value);
		else if (!isStandard(name, value)) others.push([name, value]);
	}
	return {
		request: {
			...(model === undefined ? {} : { model }),
			...(choice === undefined ? {} : { tool_choice: choice }),
			...(format === undefined ? {} : { response_format: format }),
			...(params === undefined ? {} : { params }),
		},
		providerOptions: Object.fromEntries(others),
	};
}

/**
 * Returns true for a parameter that asks for what every response is: one choice, received whole.
 *
 * @throws SpearError `invalid_request` if it asks for anything else.
 */
function isStandard(name: string, value: JsonValue): boolean {
	if (name === "stream" && value !== false) throw fault("stream", "a response is received whole; leave the parameter out");
	if (name === "n" && value !== 1) throw fault("n", "a response holds one choice; leave the parameter out");
	return name === "stream" || name === "n";
}

function toolChoice(value: JsonValue): cchat.ToolChoice {
	if (value === "auto" || value === "none" || value === "required") return { type: value };
	const named = isJsonObject(value) && value.type === "function" && isJsonObject(value.function) ? value.function.name : undefined;
	if (typeof named !== "string") throw fault("tool_choice", "must be auto, none, required, or name a function");
	return { type: "named", named };
}

function responseFormat(value: JsonValue): cchat.ResponseFormat {
	const type = isJsonObject(value) ? value.type : undefined;
	if (type === "text" || type === "json_object") return { type };
	if (type !== "json_schema" || !isJsonObject(value)) throw fault("response_format.type", "must be text, json_object or json_schema");
	const { json_schema } = value;
	if (!isJsonObject(json_schema)) throw fault("response_format.json_schema", "must be an object");
	const { name, schema, strict, description } = json_schema;
	if (typeof name !== "string") throw fault("response_format.json_schema.name", "must be a text");
	if (!isJsonObject(schema)) throw fault("response_format.json_schema.schema", "must be an object");
	return {
		type,
		json_schema: {
			name,
			// The ABI has no other place for it.
			schema: typeof description === "string" ? { description, ...schema } : schema,
			...(typeof strict === "boolean" ? { strict } : {}),
		},
	};
}
