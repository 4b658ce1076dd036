import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request of Chat Completions, with the members that the adapter writes. Answers have no types: compatible servers omit different
 * members, so answers are read member by member.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export interface ChatRequest {
	model: string;
	messages: ChatMessage[];
	tools?: ChatTool[];
	tool_choice?: "auto" | "none" | "required" | { type: "function"; function: { name: string } };
	response_format?:
		| { type: "text" }
		| { type: "json_object"; schema?: object }
		| { type: "json_schema"; json_schema: { name: string; schema: object; strict?: boolean } };
	temperature?: number;
	top_p?: number;
	max_completion_tokens?: number;
	max_tokens?: number;
	stop?: string[];
	seed?: number;
	random_seed?: number;
	presence_penalty?: number;
	frequency_penalty?: number;
	reasoning_effort?: string;
	parallel_tool_calls?: boolean;
	stream?: true;
	stream_options?: { include_usage: true };
}

export type ChatMessage =
	| { role: "system" | "developer"; content: ChatText; name?: string }
	| { role: "user"; content: string | ChatPart[]; name?: string }
	| {
			role: "assistant";
			content: ChatText | (ChatTextPart | ChatThinkingPart | RawJson)[] | null;
			refusal?: string;
			reasoning_content?: string;
			annotations?: readonly RawJson[];
			tool_calls?: ChatToolCall[];
			name?: string;
	  }
	| { role: "tool"; content: ChatText; tool_call_id: string };

/** A single text as a string, several texts as parts. */
export type ChatText = string | ChatTextPart[];

/** Visible reasoning in the content. */
export interface ChatThinkingPart {
	type: "thinking";
	thinking: ChatTextPart[];
}

export interface ChatTextPart {
	type: "text";
	text: string;
}

export type ChatPart =
	| ChatTextPart
	| { type: "image_url"; image_url: { url: string; detail?: string } }
	| { type: "input_audio"; input_audio: { data: string; format: string } | string }
	| { type: "file"; file: { file_data: string; filename?: string } };

export interface ChatToolCall {
	id: string;
	type: "function";
	function: { name: string; arguments: string };
}

export interface ChatTool {
	type: "function";
	function: { name: string; description?: string; parameters: object; strict?: boolean };
}
