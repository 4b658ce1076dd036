import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { vendorTools } from "../../../kit/chat/tools.ts";
import type { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { ConverseRequest, ToolChoice } from "./api.ts";

/** Returns the tools that a request offers. Converse cannot forbid calls, so a request with the choice `none` offers no tools. */
export function offeredTools({ tools, tool_choice }: Pick<cchat.Request, "tools" | "tool_choice">): readonly cchat.Tool[] {
	return tool_choice?.type === "none" ? [] : tools;
}

/** Returns the member of a request for its tools. */
export function toolConfig(
	tools: readonly cchat.Tool[],
	choice: cchat.ToolChoice | undefined,
	schemas: RequestSchemas,
): Pick<ConverseRequest, "toolConfig"> {
	if (tools.length === 0) return {};
	const toolChoice = choiceOf(choice);
	const specs = vendorTools(tools, schemas, ({ named, schema, strict }) => ({
		toolSpec: { ...named, inputSchema: { json: schema }, ...strict },
	}));
	return { toolConfig: { tools: specs, ...(toolChoice === undefined ? {} : { toolChoice }) } };
}

function choiceOf(choice: cchat.ToolChoice | undefined): ToolChoice | undefined {
	switch (choice?.type) {
		case "auto":
			return { auto: {} };
		case "required":
			return { any: {} };
		case "named":
			return { tool: { name: choice.named } };
		default:
			return undefined;
	}
}
