import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import type { SpearError } from "../../../errors/spear-error.ts";
import { parseJson } from "../../../formats/json.ts";
import { fault } from "../../../normalize/fault.ts";
import { isJsonObject } from "../json-object.ts";

/**
 * Reads a tool in OpenAI's form: `{"type":"function","function":{…}}`, or the inner object alone.
 *
 * @param path Names the tool in the error.
 * @returns The tool; the error for a tool that no request can offer; `undefined` for text that is no JSON object.
 */
export function readTool(definition: string, path: string): cchat.Tool | SpearError | undefined {
	const value = jsonOf(definition);
	if (!isJsonObject(value)) return undefined;
	if (value.type !== undefined && value.type !== "function") return fault(`${path}.type`, "must be function");
	const { name, description, parameters, strict } = isJsonObject(value.function) ? value.function : value;
	if (typeof name !== "string") return fault(`${path}.function.name`, "must be a text");
	if (!isAbsent(parameters) && !isJsonObject(parameters)) return fault(`${path}.function.parameters`, "must be a JSON Schema");
	return {
		name,
		parameters: isJsonObject(parameters) ? parameters : { type: "object", properties: {} },
		...(typeof description === "string" ? { description } : {}),
		...(typeof strict === "boolean" ? { strict } : {}),
	};
}

function isAbsent(value: JsonValue | undefined): value is null | undefined {
	return value === null || value === undefined;
}

function jsonOf(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}
