import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request of `POST /api/chat`, with the members that the adapter writes. Answers have no types, because they are read member by member.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/openapi.yaml
 */
export interface ChatRequest {
	model: string;
	messages: Message[];
	/** The server streams unless it is false. */
	stream: boolean;
	tools?: Tool[];
	format?: "json" | object;
	think?: boolean | "low" | "medium" | "high" | "max";
	keep_alive?: string;
	options?: RuntimeOptions;
}

/** Members of a request for the model's run time. Requests can add others. */
export interface RuntimeOptions {
	temperature?: number;
	top_p?: number;
	num_predict?: number;
	stop?: string[];
	seed?: number;
	presence_penalty?: number;
	frequency_penalty?: number;
	num_ctx?: number;
	[added: string]: unknown;
}

export type Message =
	| { role: "system"; content: string }
	/** Images are base64 without a media type. */
	| { role: "user"; content: string; images?: string[] }
	| { role: "assistant"; content: string; thinking?: string; tool_calls?: ToolCall[] }
	| { role: "tool"; content: string; tool_name: string; tool_call_id: string };

/** A call of a tool. Servers since 0.13 keep the id, and older ones ignore it. */
export interface ToolCall {
	id: string;
	function: { name: string; arguments: RawJson };
}

export interface Tool {
	type: "function";
	function: { name: string; description?: string; parameters: object };
}
