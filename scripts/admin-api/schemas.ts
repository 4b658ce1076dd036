import { resolve } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

/** A JSON Schema, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Types of bodies. A member that none of them has is refused; clients of answers must ignore members that they do not know. */
const BODIES: ReadonlySet<string> = new Set(["BackendPatch", "ReloadRequest"]);

/**
 * Returns the JSON Schemas of the exported types of a file, by their names in order, with references into the components of an OpenAPI document.
 */
export function schemasOf(path: string): Readonly<Record<string, JsonSchema>> {
	const generator = createGenerator({
		path,
		tsconfig: resolve(import.meta.dirname, "../../tsconfig.json"),
		type: "*",
		expose: "export",
		jsDoc: "extended",
		topRef: true,
		additionalProperties: false,
		skipTypeCheck: true,
	});
	const { definitions = {} } = generator.createSchema("*");
	const names = Object.keys(definitions).sort();
	return Object.fromEntries(names.map((name) => [name, rewritten(definitions[name], BODIES.has(name)) as JsonSchema]));
}

/** Returns a schema with the references of OpenAPI. Further members are forbidden in bodies only. */
function rewritten(schema: unknown, isBody: boolean): unknown {
	if (Array.isArray(schema)) return schema.map((item) => rewritten(item, isBody));
	if (typeof schema !== "object" || schema === null) return schema;
	const members = Object.entries(schema).filter(([name, value]) => isBody || name !== "additionalProperties" || value !== false);
	return Object.fromEntries(
		members.map(([name, value]) => [
			name,
			name === "$ref" && typeof value === "string" ? value.replace("#/definitions/", "#/components/schemas/") : rewritten(value, isBody),
		]),
	);
}
