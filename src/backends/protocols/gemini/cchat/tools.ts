import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import type { FunctionCallingConfig, FunctionDeclaration, GenerateContentRequest } from "./api.ts";

/**
 * Returns the members of a request for its tools. Without tools, a choice has no meaning.
 *
 * @see https://ai.google.dev/gemini-api/docs/function-calling
 */
export function toolMembers(
	tools: readonly cchat.Tool[],
	choice: cchat.ToolChoice | undefined,
): Pick<GenerateContentRequest, "tools" | "toolConfig"> {
	if (tools.length === 0) return {};
	const isStrict = tools.some(({ strict }) => strict === true);
	const functionCallingConfig = callingConfig(choice, isStrict);
	return {
		tools: [{ functionDeclarations: tools.map((tool, index) => declaration(tool, `tools[${index}]`)) }],
		...(functionCallingConfig === undefined ? {} : { toolConfig: { functionCallingConfig } }),
	};
}

/** Returns the mode. The mode VALIDATED enforces the schemas of all tools, as ANY does. */
function callingConfig(choice: cchat.ToolChoice | undefined, isStrict: boolean): FunctionCallingConfig | undefined {
	switch (choice?.type) {
		case undefined:
			return isStrict ? { mode: "VALIDATED" } : undefined;
		case "auto":
			return { mode: isStrict ? "VALIDATED" : "AUTO" };
		case "none":
			return { mode: "NONE" };
		case "required":
			return { mode: "ANY" };
		case "named":
			return { mode: "ANY", allowedFunctionNames: [choice.named] };
	}
}

function declaration({ name, description, parameters, strict: _, ...rest }: cchat.Tool, path: string): FunctionDeclaration {
	assertNoFieldsLeft(rest);
	const type = parameters.type ?? "object";
	if (type !== "object")
		throw new SpearError("invalid_request", `${path}.parameters: this backend accepts only a schema whose type is "object"`);
	return { name, ...(description === undefined ? {} : { description }), parametersJsonSchema: { type, ...parameters } };
}
