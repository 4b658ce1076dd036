/** A tool of the guest, to be called. */
export interface ToolCall {
	/** Place of the function in the guest's table. */
	readonly index: number;
	/** Arguments, as JSON in UTF-8. */
	readonly input: Uint8Array;
	/** Part of the guest's memory for arguments and output. */
	readonly arena: { readonly pointer: number; readonly length: number };
	/** Largest output, in bytes. */
	readonly maxOutputBytes: number;
}

/** Functions in the guest's table, as the ABI calls them. */
export interface GuestFunctions {
	/** Calls a tool while the guest waits for a hostcall. Returns its output; or the number that the tool returned, or an errno, if it failed. */
	callTool(call: ToolCall): Promise<{ readonly output: Uint8Array } | { readonly code: number }>;
}
