import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import type { ChatRequest, Tool } from "./api.ts";

/**
 * Returns the member of a request for its tools. The API has no choice of tools: without permission to call them they are left out, and
 * calls cannot be demanded.
 *
 * @throws SpearError `missing_capabilities` for a request that demands a call, or a schema that is enforced.
 */
export function toolMembers(tools: readonly cchat.Tool[], choice: cchat.ToolChoice | undefined): Pick<ChatRequest, "tools"> {
	const type = choice?.type ?? "auto";
	if (tools.length === 0 || type === "none") return {};
	if (type !== "auto") throw new SpearError("missing_capabilities", `tool_choice: this backend cannot demand a tool call; use "auto"`);
	return { tools: tools.map((tool, index) => upstreamTool(tool, `tools[${index}]`)) };
}

function upstreamTool({ name, description, parameters, strict, ...rest }: cchat.Tool, path: string): Tool {
	assertNoFieldsLeft(rest);
	if (strict === true) throw new SpearError("missing_capabilities", `${path}.strict: this backend does not enforce the schemas of tools`);
	const type = parameters.type ?? "object";
	if (type !== "object")
		throw new SpearError("invalid_request", `${path}.parameters: this backend accepts only a schema whose type is "object"`);
	return {
		type: "function",
		function: { name, ...(description === undefined ? {} : { description }), parameters: { type, ...parameters } },
	};
}
