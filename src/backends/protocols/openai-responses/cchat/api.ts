import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request of the Responses API, with the members that the adapter writes. Answers have no types, because they are read member by member.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */
export interface ResponsesRequest {
	model: string;
	input: InputItem[];
	instructions?: string;
	tools?: FunctionTool[];
	tool_choice?: "auto" | "none" | "required" | { type: "function"; name: string };
	parallel_tool_calls?: boolean;
	text?: { format: TextFormat; verbosity?: "low" | "medium" | "high" };
	reasoning?: { effort?: string; summary?: "auto" | "concise" | "detailed" };
	max_output_tokens?: number;
	temperature?: number;
	top_p?: number;
	store: boolean;
	include?: "reasoning.encrypted_content"[];
	truncation?: "auto" | "disabled";
	prompt_cache_key?: string;
	safety_identifier?: string;
	stream?: true;
}

export interface FunctionTool {
	type: "function";
	name: string;
	description?: string;
	parameters: { [member: string]: unknown };
	strict: boolean;
}

export type TextFormat =
	| { type: "text" }
	| { type: "json_object" }
	| { type: "json_schema"; name: string; schema: { [member: string]: unknown }; strict?: boolean };

/** An item of the conversation. Items that only the provider understands are sent as they were received. */
export type InputItem = InputMessage | OutputMessage | FunctionCall | FunctionCallOutput | RawJson;

export interface InputMessage {
	type: "message";
	role: "system" | "developer" | "user";
	content: string | InputContent[];
}

/** A message of the model, in the form of an answer. */
export interface OutputMessage {
	type: "message";
	role: "assistant";
	id: string;
	status: "completed";
	content: OutputContent[];
	phase?: "commentary" | "final_answer";
}

export interface FunctionCall {
	type: "function_call";
	call_id: string;
	name: string;
	arguments: string;
}

export interface FunctionCallOutput {
	type: "function_call_output";
	call_id: string;
	output: string | InputText[];
}

export type InputContent =
	| InputText
	| { type: "input_image"; image_url: string; detail: "auto" | "low" | "high" }
	| { type: "input_file"; file_data: string; filename: string };

export interface InputText {
	type: "input_text";
	text: string;
}

export type OutputContent =
	| { type: "output_text"; text: string; annotations: []; logprobs: [] }
	| { type: "refusal"; refusal: string }
	| RawJson;
