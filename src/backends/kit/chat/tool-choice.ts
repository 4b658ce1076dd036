import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Returns true if a request demands a tool call. */
export function demandsCall(tools: readonly cchat.Tool[], choice: cchat.ToolChoice | undefined): boolean {
	return tools.length > 0 && (choice?.type === "required" || choice?.type === "named");
}
