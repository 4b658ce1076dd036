import type { Tool as AbiTool, ToolCall, ToolResult } from "spear:ai/cchat@0.1.0";
import { describe } from "./errors.ts";
import { wellFormed } from "./text.ts";

/** A function of the guest that the model may call. */
export interface Tool<Arguments = never> {
	/** Name of the tool: at most 64 letters, digits, `_` and `-`. */
	readonly name: string;
	/** Purpose of the tool and when to use it, for the model. The default is no description. */
	readonly description?: string;
	/** JSON Schema of the arguments. The default is an object without members. */
	readonly parameters?: Readonly<Record<string, unknown>>;
	/** Makes the upstream enforce the schema. The default is chosen by the upstream. */
	readonly strict?: boolean;
	/** Runs the tool. The model receives text unchanged, any other result as JSON, and a thrown error as a failed tool call. */
	run(args: Arguments): unknown;
}

/** A tool with any arguments. */
export type AnyTool = Tool<never>;

/**
 * Returns `definition` with the type of its arguments: `tool<{ sku: string }>({ … run({ sku }) {} })`. The arguments of the model are not
 * checked against the schema.
 */
export function tool<Arguments>(definition: Tool<Arguments>): Tool<Arguments> {
	return definition;
}

/** Returns a tool in the form of the ABI. */
export function declaration(of: AnyTool): AbiTool {
	return {
		name: of.name,
		description: of.description,
		parameters: JSON.stringify(of.parameters ?? { type: "object", properties: {} }),
		strict: of.strict,
	};
}

/** Runs the tool of a call. Never throws: the model receives an unknown tool, invalid arguments and a failure as a failed tool call. */
export function runTool(tools: readonly AnyTool[], call: ToolCall): ToolResult {
	const found = tools.find(({ name }) => name === call.name);
	if (found === undefined)
		return failure(call, `there is no tool ${call.name}; there are: ${tools.map(({ name }) => name).join(", ") || "none"}`);
	let args: unknown;
	try {
		args = call.arguments.trim() === "" ? {} : JSON.parse(call.arguments);
	} catch (thrown) {
		return failure(call, `the arguments are not JSON: ${describe(thrown)}`);
	}
	try {
		// The arguments have the type that the tool's author declared, if the model follows the schema.
		const output: unknown = found.run(args as never);
		return { callId: call.id, output: typeof output === "string" ? wellFormed(output) : (JSON.stringify(output) ?? ""), isError: false };
	} catch (thrown) {
		return failure(call, describe(thrown));
	}
}

function failure(call: ToolCall, output: string): ToolResult {
	return { callId: call.id, output, isError: true };
}
