import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { readOptions } from "../../../../../src/backends/kinds/gemini/options.ts";
import { generateContentRequest } from "../../../../../src/backends/protocols/gemini/cchat/request.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { stringifyJson } from "../../../../../src/transport/http/raw-json.ts";
import { chatEnvelope } from "../../../chat-envelope.ts";

export interface Settings {
	readonly options?: JsonObject;
	readonly extra?: JsonObject;
	/** The default is a model that demands signatures. */
	readonly model?: string;
}

/** Returns the text of the upstream's request for a payload. */
export function requestText(
	payload: Partial<cchat.Request>,
	{ options = {}, extra = {}, model = "gemini-3.8-flash" }: Settings = {},
): string {
	const config = { name: "up", kind: "gemini", models: [], options };
	return stringifyJson(generateContentRequest(chatEnvelope(payload, extra), model, readOptions(config)));
}

/** Returns the upstream's request for a payload. */
export function requestOf(...args: Parameters<typeof requestText>): { readonly [member: string]: unknown } {
	return JSON.parse(requestText(...args));
}

/** Returns code and message of the refusal of a payload. */
export function refusalOf(...args: Parameters<typeof requestText>): string {
	try {
		requestText(...args);
	} catch (error) {
		const { code, message } = SpearError.from(error);
		return `${code}: ${message}`;
	}
	throw new Error("it should have been refused");
}
