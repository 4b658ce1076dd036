import type { Session, ToolCall, ToolResult } from "spear:ai/cchat@0.1.0";
import { HostcallError, hostcall } from "./errors.ts";
import { type AnyTool, runTool } from "./tool.ts";

/** A tool call of the model, and its result. */
export interface ToolRun {
	readonly call: ToolCall;
	readonly result: ToolResult;
}

/**
 * Runs the tools of one answer, and yields each run. Writes a result for every call, also for those that the caller leaves out by ending
 * the loop early. Otherwise the session would accept no other message.
 */
export function* runTools(session: Session, tools: readonly AnyTool[], calls: readonly ToolCall[]): Generator<ToolRun, void, undefined> {
	let done = 0;
	try {
		for (const call of calls) {
			done++;
			const result = write(session, runTool(tools, call));
			yield { call, result };
		}
	} finally {
		refuseCalls(session, calls.slice(done), "the guest ended the turn before this tool ran");
	}
}

/** Writes a failed result for calls that are not run. */
export function refuseCalls(session: Session, calls: readonly ToolCall[], reason: string): void {
	for (const { id } of calls) write(session, { callId: id, output: reason, isError: true });
}

/** Writes a result, and returns the result that the model receives. If the host refuses an output, the model receives the reason. */
function write(session: Session, result: ToolResult): ToolResult {
	try {
		hostcall(() => session.writeToolResult(result));
		return result;
	} catch (thrown) {
		if (!(thrown instanceof HostcallError) || thrown.code !== "invalid-request") throw thrown;
		const refused = { callId: result.callId, output: thrown.message, isError: true };
		hostcall(() => session.writeToolResult(refused));
		return refused;
	}
}
