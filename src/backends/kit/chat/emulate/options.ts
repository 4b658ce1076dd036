import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { drop, emulate, type FieldRules, map, reject, when } from "../../../rules.ts";
import type { OptionReader } from "../../option-reader.ts";
import { withSchemaByTool } from "./schema-by-tool.ts";
import { withoutSystemRole } from "./system-role.ts";
import { withToolsByPrompt } from "./tools-by-prompt.ts";

/** Functions of a server that the host imitates, because its models lack them. */
export interface Emulations {
	/** `prompt`: tools are described in the system message, and calls are read out of the text. The default is `native`. */
	readonly tools: "native" | "prompt";
	/** `tool`: the JSON schema of an answer becomes a tool that the model must call. The default is `native`. */
	readonly jsonSchema: "native" | "tool";
	/** `merged`: system messages become a part of the messages of the user. The default is `native`. */
	readonly systemRole: "native" | "merged";
}

/** Options that name an emulation. */
export type EmulationOption = "tools" | "json_schema" | "system_role";

/** Reads the options that a kind has. The others are `native`. */
export function readEmulations(reader: OptionReader, names: readonly EmulationOption[]): Emulations {
	const read = <V extends string>(name: EmulationOption, other: V): "native" | V =>
		(names.includes(name) ? reader.string(name, ["native", other]) : undefined) ?? "native";
	const emulations: Emulations = {
		tools: read("tools", "prompt"),
		jsonSchema: read("json_schema", "tool"),
		systemRole: read("system_role", "merged"),
	};
	if (emulations.tools === "prompt" && emulations.jsonSchema === "tool")
		reader.fault("json_schema", 'is "tool", which needs tools of the server, but tools is "prompt"');
	return emulations;
}

/** Returns a backend with the functions that are imitated. */
export function withEmulations(backend: ChatCompletionsBackend, { tools, jsonSchema, systemRole }: Emulations): ChatCompletionsBackend {
	// Instructions for tools are a system message, so the role is merged last.
	const merged = systemRole === "merged" ? withoutSystemRole(backend) : backend;
	const prompted = tools === "prompt" ? withToolsByPrompt(merged) : merged;
	return jsonSchema === "tool" ? withSchemaByTool(prompted) : prompted;
}

type Rules = FieldRules<"chat_completions">;

const NO_TOOLS = "the model has no tools";
const BY_PROMPT = reject(NO_TOOLS, { lenient: emulate("described in the system message; the model may ignore it") });

const TOOLS_BY_PROMPT: Partial<Rules> = {
	tools: BY_PROMPT,
	tool_choice: BY_PROMPT,
	"tools.strict": when("true", (strict) => strict, reject(NO_TOOLS, { lenient: drop("no schema is enforced") })),
	"messages.tool_calls": reject(NO_TOOLS, { lenient: emulate("calls and results are sent as text") }),
	"params.parallel_tool_calls": emulate("said in the system message"),
};

const SCHEMA_BY_TOOL: Partial<Rules> = {
	"response_format.json_schema": when<cchat.JsonSchemaFormat, cchat.Request>(
		"with tools",
		(_, { tools }) => tools.length > 0,
		reject("a model that must call one tool could never call the others"),
		emulate("sent as a tool that the model must call"),
	),
	"response_format.json_schema.name": map("sent as the name of the tool"),
	"response_format.json_schema.schema": when(
		'whose type is not "object"',
		(schema) => schema.type !== "object",
		reject("the arguments of a tool are an object"),
		map("sent as the parameters of the tool"),
	),
	"response_format.json_schema.strict": map("sent as the strictness of the tool"),
};

const MERGED_ROLE: Partial<Rules> = {
	"messages.role": when<cchat.Role>("system", (role) => role === "system", emulate("merged into the next message of the user")),
};

/** Returns the rules of the fields that are imitated, in place of those of the protocol. */
export function emulationRules({ tools, jsonSchema, systemRole }: Emulations): Partial<Rules> {
	return {
		...(tools === "prompt" ? TOOLS_BY_PROMPT : {}),
		...(jsonSchema === "tool" ? SCHEMA_BY_TOOL : {}),
		...(systemRole === "merged" ? MERGED_ROLE : {}),
	};
}
