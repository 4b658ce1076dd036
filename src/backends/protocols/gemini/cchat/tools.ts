import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { type ToolParts, vendorTools } from "../../../kit/chat/tools.ts";
import type { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { FunctionCallingConfig, FunctionDeclaration, GenerateContentRequest } from "./api.ts";
import { FUNCTION_NAMES, isFunctionName } from "./function-name.ts";

/**
 * Returns the members of a request for its tools. Without tools, a choice has no meaning.
 *
 * @throws SpearError `missing_capabilities` for a name that the API does not accept.
 * @see https://ai.google.dev/gemini-api/docs/function-calling
 */
export function toolMembers(
	tools: readonly cchat.Tool[],
	choice: cchat.ToolChoice | undefined,
	schemas: RequestSchemas,
): Pick<GenerateContentRequest, "tools" | "toolConfig"> {
	if (tools.length === 0) return {};
	const refused = tools.findIndex(({ name }) => !isFunctionName(name));
	if (refused !== -1) throw new SpearError("missing_capabilities", `tools[${refused}].name: ${FUNCTION_NAMES}; give the tool another name`);
	const isStrict = tools.some(({ strict }) => strict === true);
	const functionCallingConfig = callingConfig(choice, isStrict);
	return {
		tools: [{ functionDeclarations: vendorTools(tools, schemas, declaration) }],
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

function declaration({ named, schema }: ToolParts): FunctionDeclaration {
	return { ...named, parametersJsonSchema: { type: "object", ...schema } };
}
