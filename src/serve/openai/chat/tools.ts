import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { jsonObject } from "../call-options.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, type JsonRecord } from "../fields.ts";

/** Schema of a function without parameters. */
const NO_PARAMETERS = { type: "object", properties: {} };

/** Returns a tool by the members of a function. */
export function functionTool(fields: Fields): cchat.Tool {
	const name = fields.requiredText("name");
	const parameters = fields.object("parameters") ?? NO_PARAMETERS;
	const description = fields.text("description");
	const strict = fields.boolean("strict");
	fields.assertNoRest();
	const tool: cchat.Tool = { name, parameters: jsonObject(Object.entries(parameters)) };
	if (description !== undefined) tool.description = description;
	if (strict !== undefined) tool.strict = strict;
	return tool;
}

/** Returns the tools of a request. */
export function chatTools(fields: Fields): cchat.Tool[] {
	return (fields.list("tools") ?? []).map((item, index) => {
		const tool = new Fields(item, `${fields.at("tools")}[${index}]`);
		checkFunction(tool);
		const made = functionTool(tool.requiredFields("function"));
		tool.assertNoRest();
		return made;
	});
}

/** Refuses tools that a vendor runs, and tools without a schema. */
export function checkFunction(tool: Fields): void {
	const type = tool.text("type") ?? "function";
	if (type !== "function")
		throw unsupported(tool.at("type"), `tools of type "${guestName(type)}" are not supported; offer functions that the client runs`);
}

/**
 * Returns the choice of tools. `auto` without tools asks for nothing: some clients always send it.
 *
 * @param nameOf Returns the name of the function in a choice that is an object.
 */
export function toolChoice(fields: Fields, tools: readonly cchat.Tool[], nameOf: (choice: Fields) => string): cchat.ToolChoice | undefined {
	const value = fields.any("tool_choice");
	if (value === undefined) return undefined;
	if (typeof value === "string") {
		const type = fields.oneOf("tool_choice", ["auto", "none", "required"]);
		return type === undefined || (type === "auto" && tools.length === 0) ? undefined : { type };
	}
	const choice = fields.requiredFields("tool_choice");
	checkFunction(choice);
	const named = nameOf(choice);
	choice.assertNoRest();
	return { type: "named", named };
}

/** Returns the name in the choice `{ type: "function", function: { name } }`. */
export function chatChoiceName(choice: Fields): string {
	const called = choice.requiredFields("function");
	const name = called.requiredText("name");
	called.assertNoRest();
	return name;
}

/**
 * Returns the form of the answer.
 *
 * @param schemaOf Returns the members of the schema's format.
 */
export function responseFormat(fields: Fields, schemaOf: (format: Fields) => Fields): cchat.ResponseFormat {
	const type = fields.oneOf("type", ["text", "json_object", "json_schema"]);
	if (type === undefined) throw invalid(fields.at("type"), "is required");
	if (type !== "json_schema") {
		fields.assertNoRest();
		return { type };
	}
	const members = schemaOf(fields);
	const name = members.requiredText("name");
	const description = members.text("description");
	const schema = members.object("schema") ?? {};
	const strict = members.boolean("strict");
	members.assertNoRest();
	fields.assertNoRest();
	const json_schema: cchat.JsonSchemaFormat = { name, schema: described(schema, description) };
	if (strict !== undefined) json_schema.strict = strict;
	return { type, json_schema };
}

/** Returns a schema with the description of its format, which the model reads there. */
function described(schema: JsonRecord, description: string | undefined): JsonObject {
	const made = jsonObject(Object.entries(schema));
	const own = made.description;
	if (description === undefined || description === own) return made;
	return { ...made, description: typeof own === "string" ? `${description}\n\n${own}` : description };
}
