import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { PRESETS } from "../../../../src/backends/kinds/openai-compatible/presets/index.ts";
import { chatRequest } from "../../../../src/backends/protocols/openai/cchat/request.ts";
import { readOptions } from "../../../../src/backends/protocols/openai/options.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { stringifyJson } from "../../../../src/transport/http/raw-json.ts";
import { chatEnvelope } from "../../chat-envelope.ts";

/** Returns the body of a chat request with a preset. */
export function bodyOf(preset: string, payload: Partial<cchat.Request>, options: JsonObject = {}): { readonly [member: string]: unknown } {
	const config = { name: "up", kind: "openai-compatible", models: ["m"], options: { preset, ...options } };
	return JSON.parse(stringifyJson(chatRequest(chatEnvelope(payload), config, readOptions(config, PRESETS))));
}

/** Returns code and message of the refusal of a payload with a preset. */
export function refusalOf(preset: string, payload: Partial<cchat.Request>): string {
	try {
		bodyOf(preset, payload);
	} catch (error) {
		const { code, message } = SpearError.from(error);
		return `${code}: ${message}`;
	}
	throw new Error("it should have been refused");
}
