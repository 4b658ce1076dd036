import type * as cchat from "../../generated/ir/cchat.ts";
import type { HostToolResult, HostTools } from "../hostcall/host-tools.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import type { Calls } from "./calls.ts";

/** The tools of the host for a guest in a worker. The servers belong to the host's thread, which checks each call again. */
export function remoteTools(calls: Calls, blocking: BlockingCalls): HostTools {
	return {
		get servers() {
			return blocking.ask({ name: "tool-servers" });
		},
		list: (selection, signal) => calls.ask<cchat.Tool[]>({ name: "list-tools", selection }, { signal }),
		call: (tool, signal) => calls.ask<HostToolResult>({ name: "call-tool", tool }, { signal }),
	};
}
