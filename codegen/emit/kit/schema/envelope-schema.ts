/** Ties the envelope's `payload` and `result` to its `operation`: what the hand-written schema cannot know. */
import type { Abi, Family } from "../../../model/abi.ts";
import type { RecordDef } from "../../../model/model.ts";
import { moduleName, typeName } from "../../../model/names/type-names.ts";
import { type JsonSchema, schemaFileName } from "./json-schema.ts";

export const ENVELOPE_MODULE = "envelope";

/** Adds a condition per operation to the envelopes under `$defs`. */
export function specializeEnvelope(schema: JsonSchema, abi: Abi): JsonSchema {
	const { RequestEnvelope: request, ResponseEnvelope: response, ...others } = schema.$defs ?? {};
	if (request === undefined || response === undefined) {
		throw new Error("codegen/schemas/envelope.schema.json must define RequestEnvelope and ResponseEnvelope under $defs");
	}
	const whenOperation = (family: Family, then: JsonSchema): JsonSchema => ({
		if: { properties: { operation: { const: family.operation } }, required: ["operation"] },
		then,
	});
	return {
		...schema,
		$defs: {
			RequestEnvelope: {
				...request,
				allOf: abi.families.map((family) => whenOperation(family, { properties: { payload: refTo(family, family.payload) } })),
			},
			ResponseEnvelope: {
				...response,
				allOf: abi.families.map((family) =>
					whenOperation(family, { properties: { result: { properties: { payload: refTo(family, family.result) } } } }),
				),
			},
			...others,
		},
	};
}

function refTo(family: Family, type: RecordDef): JsonSchema {
	return { $ref: `${schemaFileName(moduleName(family.name))}#/$defs/${typeName(type)}` };
}
