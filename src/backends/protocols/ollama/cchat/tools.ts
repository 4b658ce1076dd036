import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { type ToolParts, vendorTools } from "../../../kit/chat/tools.ts";
import type { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { ChatRequest, Tool } from "./api.ts";

/**
 * Returns the member of a request for its tools. The API has no choice of tools: without permission to call them they are left out, and
 * calls cannot be demanded.
 *
 * @throws SpearError `missing_capabilities` for a request that demands a call, or a schema that is enforced.
 */
export function toolMembers(
	tools: readonly cchat.Tool[],
	choice: cchat.ToolChoice | undefined,
	schemas: RequestSchemas,
): Pick<ChatRequest, "tools"> {
	const type = choice?.type ?? "auto";
	if (tools.length === 0 || type === "none") return {};
	if (type !== "auto") throw new SpearError("missing_capabilities", `tool_choice: this backend cannot demand a tool call; use "auto"`);
	const strict = tools.findIndex((tool) => tool.strict === true);
	if (strict !== -1)
		throw new SpearError("missing_capabilities", `tools[${strict}].strict: this backend does not enforce the schemas of tools`);
	return { tools: vendorTools(tools, schemas, upstreamTool) };
}

function upstreamTool({ named, schema }: ToolParts): Tool {
	return { type: "function", function: { ...named, parameters: { type: "object", ...schema } } };
}
