import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request of the Converse API, with the members that the adapter writes. The model is part of the path. Answers have no types, because
 * they are read member by member.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export interface ConverseRequest {
	messages: Message[];
	system?: SystemBlock[];
	inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number; stopSequences?: string[] };
	toolConfig?: { tools: { toolSpec: ToolSpec }[]; toolChoice?: ToolChoice };
	outputConfig?: { effort?: Effort; textFormat?: TextFormat };
	additionalModelRequestFields?: Readonly<Record<string, unknown>>;
}

export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

/** The schema is JSON in a text. */
export interface TextFormat {
	type: "json_schema";
	structure: { jsonSchema: { schema: string; name: string } };
}

export type ToolChoice = { auto: object } | { any: object } | { tool: { name: string } };

export interface ToolSpec {
	name: string;
	description?: string;
	inputSchema: { json: object };
	strict?: boolean;
}

export interface Message {
	role: "user" | "assistant";
	content: Block[];
}

export type SystemBlock = TextBlock | CachePoint;

/** A block of content: an object with one member. Blocks that only the provider understands are sent as they were received. */
export type Block =
	| TextBlock
	| CachePoint
	| { image: { format: string; source: Bytes } }
	| { audio: { format: string; source: Bytes } }
	| { document: { format: string; name: string; source: Bytes } }
	| { toolUse: { toolUseId: string; name: string; input: RawJson } }
	| { toolResult: { toolUseId: string; content: TextBlock[]; status?: "error" } }
	| RawJson;

export interface TextBlock {
	text: string;
}

/** End of a part of the request that the prompt cache keeps. */
export interface CachePoint {
	cachePoint: { type: "default"; ttl?: "5m" | "1h" };
}

/** Bytes in base64. */
export interface Bytes {
	bytes: string;
}
