import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../assert-no-fields-left.ts";
import type { RequestSchemas } from "../schema/request-schemas.ts";

/** The parts of a schema for the answer that vendors put together in their own form. */
export interface OutputSchema {
	readonly type: "json_schema";
	readonly name: string;
	/** The schema in the vendor's dialect. */
	readonly schema: JsonObject;
	/** The member `strict`, or none. */
	readonly strict: { readonly strict?: boolean };
}

/** Returns the form of the answer that a request asks for. */
export function outputFormat(
	format: cchat.ResponseFormat | undefined,
	schemas: RequestSchemas,
): OutputSchema | { readonly type: "text" | "json_object" } {
	if (format?.type !== "json_schema") return { type: format?.type ?? "text" };
	const { name, schema: _, strict, ...rest } = format.json_schema;
	assertNoFieldsLeft(rest);
	return { type: "json_schema", name, schema: schemas.output(format.json_schema), strict: strict === undefined ? {} : { strict } };
}

/**
 * Returns the schema of the answer for a vendor that has no JSON mode. `undefined` for text.
 *
 * @throws SpearError `missing_capabilities` for JSON without a schema.
 */
export function outputSchema(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): OutputSchema | undefined {
	const wanted = outputFormat(format, schemas);
	if (wanted.type === "json_object")
		throw new SpearError("missing_capabilities", "response_format: this backend has no JSON mode without a schema; use json_schema");
	return wanted.type === "json_schema" ? wanted : undefined;
}
