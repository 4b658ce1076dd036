import type { ToolCallEvent } from "../telemetry/host-event.ts";

/** Returns one line about a call of a tool that the host has run. */
export function explainToolCall({ server, tool, durationMs, bytes, outcome, message }: ToolCallEvent): string {
	const result = outcome === "ok" || outcome === "error" ? `${outcome}, ${bytes} bytes` : outcome;
	return `tool       ${server} ${tool}: ${result} in ${Math.round(durationMs)} ms${message === undefined ? "" : `: ${message}`}`;
}
