import type * as cchat from "../../generated/ir/cchat.ts";

/** The host's tools that a conversation uses. */
export interface HostToolSelection {
	/** Ids of the servers whose tools are offered. Servers that the guest may not use, and unknown ones, offer none. */
	readonly servers: readonly string[];
	/** Patterns with `*` and `?` of the tools that are offered. Empty: all. */
	readonly allow: readonly string[];
	/** Patterns of tools that are not offered, whatever `allow` says. */
	readonly deny: readonly string[];
}

/** A call of one of the host's tools, as the model wrote it. */
export interface HostToolCall {
	readonly selection: HostToolSelection;
	/** Name of the tool as it was offered, or `mcp.<server>.<tool>`. */
	readonly name: string;
	/** JSON text of the arguments. */
	readonly arguments: string;
	/** Longest output, in bytes of UTF-8. A longer one is cut. */
	readonly maxOutputBytes: number;
}

/** Reason for which a call has no output. */
export interface HostToolFailure {
	/** `unknown_tool` if the selection offers no such tool; `mcp_tool_failed` for all other failures. */
	readonly code: "unknown_tool" | "mcp_tool_failed";
	readonly message: string;
}

/**
 * Result of a call. `output` is the answer of the server as JSON text. The server's own verdict is `isError`: the tool ran and failed, and
 * `output` says why.
 */
export type HostToolResult = { readonly output: string; readonly isError: boolean } | { readonly failure: HostToolFailure };

/** Tools that the host runs for one guest. */
export interface HostTools {
	/** Ids of the servers that the guest may use, now. */
	readonly servers: readonly string[];
	/**
	 * Returns the tools of a selection, sorted by server and name, as a request offers them. A server that fails or answers too late offers none.
	 *
	 * @throws SpearError `cancelled`, or the reason of `signal`, when it is aborted. Nothing else.
	 */
	list(selection: HostToolSelection, signal: AbortSignal): Promise<cchat.Tool[]>;
	/**
	 * Runs a tool. The selection is checked again.
	 *
	 * @throws SpearError `cancelled`, or the reason of `signal`, when it is aborted. Nothing else.
	 */
	call(call: HostToolCall, signal: AbortSignal): Promise<HostToolResult>;
}

/** Most servers, and most patterns in each list, of a selection. */
const MAX_ENTRIES = 64;

/** Longest pattern, in characters. */
const MAX_PATTERN_LENGTH = 128;

/** Returns the fault of a selection that is too large, in words. Such a selection offers no tools. */
export function selectionFault({ servers, allow, deny }: HostToolSelection): string | undefined {
	for (const [name, entries] of Object.entries({ servers, allow, deny })) {
		if (entries.length > MAX_ENTRIES) return `${name}: ${entries.length} entries, the host allows ${MAX_ENTRIES}`;
		if (entries.some(({ length }) => length > MAX_PATTERN_LENGTH))
			return `${name}: an entry has more than ${MAX_PATTERN_LENGTH} characters`;
	}
	return undefined;
}

/** Returns true for a name that only a tool of the host has. */
export function isHostToolName(name: string): boolean {
	return name.startsWith("mcp__") || name.startsWith("mcp.");
}

/** Returns the text that a model receives in place of a tool's output. */
export function toolErrorText(code: HostToolFailure["code"] | "tool_exec_failed", message: string): string {
	return JSON.stringify({ error: { code, message } });
}
