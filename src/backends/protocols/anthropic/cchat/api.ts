import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request of the Messages API, with the members that the adapter writes. Answers have no types, because they are read member by member.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export interface MessagesRequest {
	model: string;
	max_tokens: number;
	messages: Message[];
	system?: TextBlock[];
	tools?: Tool[];
	tool_choice?: ToolChoice;
	output_config?: { effort?: Effort; format?: { type: "json_schema"; schema: object } };
	thinking?: Thinking;
	temperature?: number;
	top_p?: number;
	stop_sequences?: string[];
	metadata?: { user_id: string };
	cache_control?: { type: "ephemeral"; ttl: "5m" | "1h" };
	stream?: true;
}

export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

export type Thinking =
	| { type: "disabled" }
	| { type: "adaptive"; display?: "summarized" | "omitted" }
	| { type: "enabled"; budget_tokens: number; display?: "summarized" | "omitted" };

export type ToolChoice =
	| { type: "none" }
	| { type: "auto" | "any"; disable_parallel_tool_use?: true }
	| { type: "tool"; name: string; disable_parallel_tool_use?: true };

export interface Tool {
	name: string;
	description?: string;
	input_schema: object;
	strict?: boolean;
}

export type Message = { role: "user" | "assistant"; content: Block[] } | { role: "system"; content: TextBlock[] };

/** A block of content. Blocks that only the provider understands are sent as they were received. */
export type Block = TextBlock | ImageBlock | DocumentBlock | ToolUseBlock | ToolResultBlock | RawJson;

export interface TextBlock {
	type: "text";
	text: string;
}

export interface ImageBlock {
	type: "image";
	source: { type: "url"; url: string } | { type: "base64"; media_type: string; data: string };
}

export interface DocumentBlock {
	type: "document";
	source: { type: "base64"; media_type: "application/pdf"; data: string } | { type: "text"; media_type: "text/plain"; data: string };
	title?: string;
}

export interface ToolUseBlock {
	type: "tool_use";
	id: string;
	name: string;
	/** The arguments as the model wrote them. */
	input: RawJson;
}

export interface ToolResultBlock {
	type: "tool_result";
	tool_use_id: string;
	content?: string | TextBlock[];
	is_error?: true;
}
