import type { RawJson } from "../../../../transport/http/raw-json.ts";

/**
 * A request for content, with the members that the adapter writes. Answers have no types, because they are read member by member.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export interface GenerateContentRequest {
	contents: Content[];
	systemInstruction?: Content;
	tools?: { functionDeclarations: FunctionDeclaration[] }[];
	toolConfig?: { functionCallingConfig: FunctionCallingConfig };
	safetySettings?: { category: string; threshold: string }[];
	generationConfig?: GenerationConfig;
}

export interface GenerationConfig {
	temperature?: number;
	topP?: number;
	maxOutputTokens?: number;
	stopSequences?: string[];
	seed?: number;
	presencePenalty?: number;
	frequencyPenalty?: number;
	responseMimeType?: "application/json";
	responseJsonSchema?: object;
	thinkingConfig?: ThinkingConfig;
}

export interface ThinkingConfig {
	includeThoughts?: boolean;
	thinkingLevel?: ThinkingLevel;
	thinkingBudget?: number;
}

export type ThinkingLevel = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH" | "XHIGH";

export interface FunctionCallingConfig {
	mode: "AUTO" | "ANY" | "NONE" | "VALIDATED";
	allowedFunctionNames?: string[];
}

export interface FunctionDeclaration {
	name: string;
	description?: string;
	parametersJsonSchema: object;
}

export interface Content {
	role: "user" | "model";
	parts: Part[];
}

/** A part of content. Parts that only the provider understands are sent as they were received. */
export type Part = TextPart | InlineDataPart | FunctionCallPart | FunctionResponsePart | RawJson;

export interface TextPart {
	text: string;
	thoughtSignature?: string;
}

export interface InlineDataPart {
	inlineData: { mimeType: string; data: string };
}

export interface FunctionCallPart {
	/** `args` is the object that the model wrote. */
	functionCall: { id?: string; name: string; args: RawJson };
	thoughtSignature?: string;
}

export interface FunctionResponsePart {
	functionResponse: { id?: string; name: string; response: { output: string | string[] } | { error: string | string[] } };
}
