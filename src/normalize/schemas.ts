import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonObject, JsonValue } from "../../generated/ir/json.ts";
import { guestName } from "../errors/guest-name.ts";
import { fault } from "./fault.ts";

/**
 * Most JSON values in all schemas of a request: objects, lists and scalars. Each is translated for each vendor in question, in one turn of
 * the event loop: 20,000 take 30 to 80 ms. The largest bound that a vendor publishes, 5,000 properties of OpenAI's strict mode, is about
 * as much, and Gemini's 512 tools are 39 values each.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
const MAX_VALUES = 20_000;

/**
 * Most characters of names and texts in all schemas of a request. Four times the bound of OpenAI's strict mode, which does not count
 * descriptions.
 */
const MAX_CHARACTERS = 500_000;

/**
 * Checks the size of the schemas of a chat request. Returns the request with an object of its own for each schema. Results of work on a
 * schema are kept by its object, and an embedder may change the content between two requests.
 *
 * @throws SpearError `invalid_request`, naming the schema at which a bound is exceeded.
 */
export function withOwnSchemas(payload: cchat.Request): cchat.Request {
	const { tools, response_format } = payload;
	const size = new SchemaSize();
	for (const [index, { name, parameters }] of tools.entries())
		size.add(parameters, `tools[${index}].parameters (tool "${guestName(name)}")`);
	if (response_format?.type !== "json_schema") {
		return tools.length === 0 ? payload : { ...payload, tools: tools.map(withOwnParameters) };
	}
	const { json_schema } = response_format;
	size.add(json_schema.schema, "response_format.json_schema.schema");
	const own: cchat.ResponseFormat = { type: "json_schema", json_schema: { ...json_schema, schema: { ...json_schema.schema } } };
	return { ...payload, tools: tools.map(withOwnParameters), response_format: own };
}

function withOwnParameters(tool: cchat.Tool): cchat.Tool {
	return { ...tool, parameters: { ...tool.parameters } };
}

/** Size of the schemas of one request. */
class SchemaSize {
	#values = 0;
	#characters = 0;

	/** Adds a schema. Reads no more of it than the bounds allow. */
	add(schema: JsonObject, path: string): void {
		const open: JsonValue[] = [schema]; // A list, so that deep nesting cannot exhaust the stack.
		for (let item = open.pop(); item !== undefined; item = open.pop()) {
			this.#values++;
			if (typeof item === "string") this.#characters += item.length;
			else if (Array.isArray(item)) for (const member of item) open.push(member);
			else if (typeof item === "object" && item !== null) {
				for (const [name, member] of Object.entries(item)) {
					this.#characters += name.length;
					open.push(member);
				}
			}
			check(path, this.#values, MAX_VALUES, "values");
			check(path, this.#characters, MAX_CHARACTERS, "characters");
		}
	}
}

function check(path: string, found: number, bound: number, unit: string): void {
	if (found > bound)
		throw fault(path, `the JSON Schemas of a request hold at most ${bound} ${unit} together; use fewer tools or shorter schemas`);
}
