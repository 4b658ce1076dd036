import type { Tool as AbiTool, ToolCall, ToolResult } from "spear:ai/cchat@0.1.0";
import { describe } from "./errors.ts";
import { wellFormed } from "./text.ts";

/** A function of the guest that the model may ask for. */
export interface Tool<Arguments = never> {
	/** Letters, digits, `_` and `-`, at most 64. */
	readonly name: string;
	/** What it does and when to use it, for the model to read. */
	readonly description?: string;
	/** JSON Schema of the arguments; an object with no members when absent. */
	readonly parameters?: Readonly<Record<string, unknown>>;
	/** Have the upstream hold the model to the schema. */
	readonly strict?: boolean;
	/** Runs it. Text is handed to the model as it is, anything else as JSON; what it throws, as an error the model can react to. */
	run(args: Arguments): unknown;
}

/** A tool whatever its arguments. */
export type AnyTool = Tool<never>;

/** Helps the compiler: `tool<{ sku: string }>({ … run({ sku }) {} })`. The model's arguments are not checked against the schema here. */
export function tool<Arguments>(definition: Tool<Arguments>): Tool<Arguments> {
	return definition;
}

/** The tool as the ABI wants it. */
export function declaration(of: AnyTool): AbiTool {
	return {
		name: of.name,
		description: of.description,
		parameters: JSON.stringify(of.parameters ?? { type: "object", properties: {} }),
		strict: of.strict,
	};
}

/** Runs the tool a call asks for. Never throws: an unknown tool, bad arguments and a failure all go back to the model. */
export function runTool(tools: readonly AnyTool[], call: ToolCall): ToolResult {
	const found = tools.find((one) => one.name === call.name);
	if (found === undefined)
		return failure(call, `there is no tool ${call.name}; there are: ${tools.map((one) => one.name).join(", ") || "none"}`);
	let args: unknown;
	try {
		args = call.arguments.trim() === "" ? {} : JSON.parse(call.arguments);
	} catch (thrown) {
		return failure(call, `the arguments are not JSON: ${describe(thrown)}`);
	}
	try {
		// What the model wrote is only as good as the model; the tool's author gave it this type.
		const output: unknown = found.run(args as never);
		return { callId: call.id, output: typeof output === "string" ? wellFormed(output) : (JSON.stringify(output) ?? ""), isError: false };
	} catch (thrown) {
		return failure(call, describe(thrown));
	}
}

function failure(call: ToolCall, output: string): ToolResult {
	return { callId: call.id, output, isError: true };
}
