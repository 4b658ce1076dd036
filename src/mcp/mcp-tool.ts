import type { JsonObject } from "../../generated/ir/json.ts";
import { shorten } from "../formats/shorten.ts";
import { MAX_PATTERN_LENGTH } from "./tool-pattern.ts";

/** A tool of a server, as the host keeps it. */
export interface McpTool {
	readonly name: string;
	readonly description: string | undefined;
	/** JSON Schema of the arguments. */
	readonly parameters: JsonObject;
}

/** Most tools of a server that are kept. Upstreams accept far fewer in one request. */
export const MAX_TOOLS = 512;

/** Longest schema of one tool, as JSON, in bytes. */
const MAX_SCHEMA_BYTES = 64 * 1024;

/** Longest description, in characters. */
const MAX_DESCRIPTION = 4_096;

/** Bytes of all schemas and descriptions of a server. */
const MAX_TOTAL_BYTES = 1024 * 1024;

/** Collects the tools that a server lists, within bounds. The first of two tools of one name counts. */
export class ToolCollector {
	readonly #tools = new Map<string, McpTool>();
	#bytes = 0;
	#omitted = 0;

	get tools(): McpTool[] {
		return [...this.#tools.values()];
	}

	/** Number of tools that were left out. */
	get omitted(): number {
		return this.#omitted;
	}

	/** True if no further tool is kept. */
	get isFull(): boolean {
		return this.#tools.size >= MAX_TOOLS;
	}

	/** Adds what a server calls a tool. */
	add(listed: unknown): void {
		const tool = this.isFull ? undefined : toolOf(listed);
		const bytes = tool === undefined ? 0 : sizeOf(tool);
		if (tool === undefined || bytes > MAX_SCHEMA_BYTES || this.#bytes + bytes > MAX_TOTAL_BYTES || this.#tools.has(tool.name)) {
			this.#omitted += 1;
			return;
		}
		this.#bytes += bytes;
		this.#tools.set(tool.name, tool);
	}
}

function toolOf(listed: unknown): McpTool | undefined {
	if (!isObject(listed)) return undefined;
	const { name, description, inputSchema } = listed;
	if (typeof name !== "string" || name === "" || name.length > MAX_PATTERN_LENGTH || !isObject(inputSchema)) return undefined;
	return {
		name,
		description: typeof description === "string" ? shorten(description, MAX_DESCRIPTION) : undefined,
		parameters: inputSchema,
	};
}

function sizeOf({ description = "", parameters }: McpTool): number {
	return Buffer.byteLength(description) + Buffer.byteLength(JSON.stringify(parameters));
}

/** Returns true for an object of JSON. What the host reads of a server comes out of `JSON.parse`. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
