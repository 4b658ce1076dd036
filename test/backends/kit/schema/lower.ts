import type { JsonObject } from "../../../../generated/ir/json.ts";
import type { SchemaDialect } from "../../../../src/backends/kit/schema/dialect.ts";
import { type LoweredSchema, lowerSchema } from "../../../../src/backends/kit/schema/lower-schema.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

/** Lowers a schema under the path `s`. */
export function lower(schema: JsonObject, dialect: SchemaDialect): LoweredSchema {
	return lowerSchema(schema, dialect, "s");
}

/** Returns losses as lines. */
export function losses({ downgrades }: LoweredSchema): string[] {
	return downgrades.map(({ path, effect, detail }) => `${path}: ${effect}: ${detail}`);
}

/** Returns code and message of the refusal of a schema. */
export function refusal(schema: JsonObject, dialect: SchemaDialect): string {
	try {
		lower(schema, dialect);
	} catch (thrown) {
		const { code, message } = SpearError.from(thrown);
		return `${code}: ${message}`;
	}
	throw new Error("it should have been refused");
}

/** Returns a closed object with these properties, all required. */
export function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
	return { type: "object", properties, required: Object.keys(properties), additionalProperties: false, ...more };
}
