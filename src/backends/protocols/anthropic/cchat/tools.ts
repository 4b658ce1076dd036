import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { vendorTools } from "../../../kit/chat/tools.ts";
import type { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { MessagesRequest, ToolChoice } from "./api.ts";

/**
 * Returns the members of a request for its tools. Without tools, the other two members have no meaning, and the API refuses them.
 *
 * @param parallel False if the model may call one tool at most.
 */
export function toolMembers(
	tools: readonly cchat.Tool[],
	choice: cchat.ToolChoice | undefined,
	parallel: boolean | undefined,
	schemas: RequestSchemas,
): Pick<MessagesRequest, "tools" | "tool_choice"> {
	if (tools.length === 0) return {};
	const chosen = toolChoice(choice, parallel === false ? { disable_parallel_tool_use: true } : {});
	return {
		tools: vendorTools(tools, schemas, ({ named, schema, strict }) => ({
			...named,
			input_schema: { type: "object", ...schema },
			...strict,
		})),
		...(chosen === undefined ? {} : { tool_choice: chosen }),
	};
}

function toolChoice(choice: cchat.ToolChoice | undefined, parallel: { disable_parallel_tool_use?: true }): ToolChoice | undefined {
	switch (choice?.type) {
		case undefined:
			return parallel.disable_parallel_tool_use === undefined ? undefined : { type: "auto", ...parallel };
		case "none":
			return { type: "none" };
		case "auto":
			return { type: "auto", ...parallel };
		case "required":
			return { type: "any", ...parallel };
		case "named":
			return { type: "tool", name: choice.named, ...parallel };
	}
}
