import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { readOptions } from "../../../../../src/backends/kinds/bedrock-converse/options.ts";
import { converseRequest } from "../../../../../src/backends/protocols/bedrock/cchat/request.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { stringifyJson } from "../../../../../src/transport/http/raw-json.ts";
import { chatEnvelope } from "../../../chat-envelope.ts";

/** Returns the text of the upstream's request for a payload. */
export function requestText(payload: Partial<cchat.Request>, options: JsonObject = {}, extra: JsonObject = {}, model = "claude"): string {
	const config = { name: "up", kind: "bedrock-converse", models: [], options: { region: "us-east-1", ...options } };
	return stringifyJson(converseRequest(chatEnvelope(payload, extra), readOptions(config), model));
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
