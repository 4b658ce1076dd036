/** Arbitrary chat requests that follow every rule of a conversation, as JSON and as a component passes them. */

import * as fc from "fast-check";
import type * as wit from "../../generated/abi/component/wit/cchat.ts";
import type * as witTypes from "../../generated/abi/component/wit/types.ts";
import type { JsonObject } from "../../generated/ir/json.ts";
import { TEST_SEAL } from "./part-seal.ts";

/** A value in two shapes. */
export interface Pair<W> {
	readonly json: JsonObject;
	readonly wit: W;
}

const texts = fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" });

const mediaRefs: fc.Arbitrary<Pair<witTypes.MediaRef>> = fc.uint8Array({ maxLength: 9 }).map((data) => ({
	json: { type: "inline", inline: { data: Buffer.from(data).toString("base64"), mime_type: "image/png" } },
	wit: { tag: "inline", val: { data, mimeType: "image/png" } },
}));

/** Returns the data of a part with the seal of the host. */
const sealed = (data: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(TEST_SEAL.seal({ provider: "p", kind: "k", data }).data);

const opaques: fc.Arbitrary<Pair<witTypes.OpaquePart>> = fc
	.uint8Array({ maxLength: 9 })
	.map(sealed)
	.map((data) => ({
		json: { provider: "p", kind: "k", data: Buffer.from(data).toString("base64") },
		wit: { provider: "p", kind: "k", data },
	}));

const textParts = texts.map((text): Pair<wit.ContentPart> => ({ json: { type: "text", text }, wit: { tag: "text", val: text } }));

const userParts = fc.oneof(
	textParts,
	fc.tuple(mediaRefs, fc.constantFrom("low", "high", undefined)).map(
		([source, detail]): Pair<wit.ContentPart> => ({
			json: { type: "image", image: { source: source.json, ...(detail && { detail }) } },
			wit: { tag: "image", val: { source: source.wit, ...(detail && { detail }) } },
		}),
	),
	fc.tuple(mediaRefs, fc.option(texts, { nil: undefined })).map(
		([source, filename]): Pair<wit.ContentPart> => ({
			json: { type: "file", file: { source: source.json, ...(filename && { filename }) } },
			wit: { tag: "file", val: { source: source.wit, ...(filename && { filename }) } },
		}),
	),
);

const assistantParts = fc.oneof(
	textParts,
	texts.map((refusal): Pair<wit.ContentPart> => ({ json: { type: "refusal", refusal }, wit: { tag: "refusal", val: refusal } })),
	opaques.map(
		(opaque): Pair<wit.ContentPart> => ({ json: { type: "opaque", opaque: opaque.json }, wit: { tag: "opaque", val: opaque.wit } }),
	),
	fc.tuple(texts, fc.option(opaques, { nil: undefined })).map(
		([text, sealed]): Pair<wit.ContentPart> => ({
			json: { type: "reasoning", reasoning: { text, ...(sealed && { sealed: sealed.json }) } },
			wit: { tag: "reasoning", val: { text, ...(sealed && { sealed: sealed.wit }) } },
		}),
	),
	fc.nat(9).map(
		(start): Pair<wit.ContentPart> => ({
			json: { type: "annotation", annotation: { url: "u", start_index: start } },
			wit: { tag: "annotation", val: { url: "u", startIndex: start } },
		}),
	),
);

function contents(parts: fc.Arbitrary<Pair<wit.ContentPart>>): fc.Arbitrary<{ json: JsonObject[]; wit: wit.ContentPart[] }> {
	return fc
		.array(parts, { minLength: 1, maxLength: 3 })
		.map((list) => ({ json: list.map((part) => part.json), wit: list.map((part) => part.wit) }));
}

const plainTurns = fc.oneof(
	fc.tuple(fc.constantFrom("system" as const), contents(textParts)),
	fc.tuple(fc.constantFrom("user" as const), contents(userParts)),
	fc.tuple(fc.constantFrom("assistant" as const), contents(assistantParts)),
);

/** Messages of one step: a message, or a tool call and its result. An empty list of calls is present or absent. */
const turns: fc.Arbitrary<Pair<wit.Message>[]> = fc.oneof(
	fc.tuple(plainTurns, fc.boolean(), fc.option(texts, { nil: undefined })).map(([[role, content], named, name]) => [
		{
			json: { role, content: content.json, ...(named ? { tool_calls: [] } : {}), ...(name && { name }) },
			wit: { role, content: content.wit, ...(named ? { toolCalls: [] } : {}), ...(name && { name }) },
		},
	]),
	fc.tuple(texts, texts, fc.boolean()).map(([args, output, isError]): Pair<wit.Message>[] => [
		{
			json: { role: "assistant", content: [], tool_calls: [{ id: "1", name: "t", arguments: args }] },
			wit: { role: "assistant", content: [], toolCalls: [{ id: "1", name: "t", arguments: args }] },
		},
		{
			json: { role: "tool", content: [{ type: "text", text: output }], tool_call_id: "1", ...(isError ? { is_error: true } : {}) },
			wit: { role: "tool", content: [{ tag: "text", val: output }], toolCallId: "1", ...(isError ? { isError: true } : {}) },
		},
	]),
);

const paramPairs: fc.Arbitrary<Pair<wit.Params>> = fc
	.tuple(
		fc.option(
			fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
			{ nil: undefined },
		),
		fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
		fc.option(fc.array(texts, { maxLength: 4 }), { nil: undefined }),
		fc.option(fc.constantFrom("low" as const, "minimal" as const), { nil: undefined }),
	)
	.map(([temperature, max, stop, effort]) => ({
		json: {
			...(temperature === undefined ? {} : { temperature }),
			...(max && { max_output_tokens: max }),
			...(stop && { stop }),
			...(effort && { reasoning_effort: effort }),
		},
		wit: {
			...(temperature === undefined ? {} : { temperature }),
			...(max && { maxOutputTokens: max }),
			...(stop && { stop }),
			...(effort && { reasoningEffort: effort }),
		},
	}));

const SCHEMA: JsonObject = { type: "object", properties: { a: { type: "number" } } };

const formats: fc.Arbitrary<Pair<wit.ResponseFormat>> = fc.constantFrom(
	{ json: { type: "text" }, wit: { tag: "text" } },
	{ json: { type: "json_object" }, wit: { tag: "json-object" } },
	{
		json: { type: "json_schema", json_schema: { name: "n", schema: SCHEMA, strict: true } },
		wit: { tag: "json-schema", val: { name: "n", schema: JSON.stringify(SCHEMA), strict: true } },
	},
);

const choices: fc.Arbitrary<Pair<wit.ToolChoice>> = fc.constantFrom(
	{ json: { type: "auto" }, wit: { tag: "auto" } },
	{ json: { type: "named", named: "t" }, wit: { tag: "named", val: "t" } },
);

export const chatRequests: fc.Arbitrary<Pair<wit.Request>> = fc
	.tuple(
		fc.array(turns, { minLength: 1, maxLength: 4 }).map((list) => list.flat()),
		fc.option(fc.option(choices, { nil: undefined }), { nil: undefined }),
		fc.boolean(),
		fc.option(formats, { nil: undefined }),
		fc.option(paramPairs, { nil: undefined }),
	)
	.map(([messages, choice, tools, format, params]) => ({
		json: {
			messages: messages.map((message) => message.json),
			...(tools ? { tools: [{ name: "t", description: "d", parameters: SCHEMA }] } : {}),
			...(tools && choice ? { tool_choice: choice.json } : {}),
			...(format && { response_format: format.json }),
			...(params && { params: params.json }),
		},
		wit: {
			messages: messages.map((message) => message.wit),
			...(tools ? { tools: [{ name: "t", description: "d", parameters: JSON.stringify(SCHEMA) }] } : {}),
			...(tools && choice ? { toolChoice: choice.wit } : {}),
			...(format && { responseFormat: format.wit }),
			...(params && { params: params.wit }),
		},
	}));
