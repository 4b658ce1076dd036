import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { readOptions } from "../../../../../src/backends/kinds/openai-responses/options.ts";
import { responsesRequest } from "../../../../../src/backends/protocols/openai-responses/cchat/request.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { stringifyJson } from "../../../../../src/transport/http/raw-json.ts";
import { chatEnvelope } from "../../../chat-envelope.ts";

/** Returns the text of the upstream's request for a payload. */
export function requestText(payload: Partial<cchat.Request>, options: JsonObject = {}, extra: JsonObject = {}): string {
	const config = { name: "up", kind: "openai-responses", models: ["gpt"], options };
	return stringifyJson(responsesRequest(chatEnvelope(payload, extra), config, readOptions(config)));
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
