/** Random values for a JSON Schema of the generator: valid ones, and such with a few faults. */
import * as fc from "fast-check";
import { type Documents, schemaOf, targetOf } from "../../codegen/emit/kit/checks/references.ts";
import type { JsonSchema } from "../../codegen/emit/kit/schema/json-schema.ts";

/** Levels of values before optional members and items are left out. */
const DEPTH = 4;

/** Values that are mostly valid, each with up to three parts replaced by something else. */
export function valuesWithFaults(schema: JsonSchema, module: string, documents: Documents): fc.Arbitrary<unknown> {
	const part = fc.tuple(fc.nat(), fc.constantFrom("replace", "remove", "add"), scalar());
	return fc.tuple(valueFor(schema, module, documents, DEPTH), fc.array(part, { maxLength: 3 })).map(([value, changes]) => {
		let changed = value;
		for (const [place, change, replacement] of changes) changed = mutated(changed, place, change, replacement);
		return changed;
	});
}

function scalar(): fc.Arbitrary<unknown> {
	return fc.constantFrom<unknown>(
		null,
		true,
		0,
		-1,
		1.5,
		1e12,
		Number.NaN,
		"",
		"x",
		"text",
		"a b",
		[],
		[1],
		{},
		{ type: "text" },
		new Uint8Array(2),
	);
}

function valueFor(schema: JsonSchema, module: string, documents: Documents, depth: number): fc.Arbitrary<unknown> {
	const { $ref, type, properties, required = [], oneOf, anyOf, items, prefixItems, additionalProperties } = schema;
	const inner = (each: JsonSchema): fc.Arbitrary<unknown> => valueFor(each, module, documents, depth - 1);
	if ($ref !== undefined) {
		const target = targetOf($ref, module);
		return fc.constant(null).chain(() => valueFor(schemaOf(target, documents), target.module, documents, depth));
	}
	if ("const" in schema) return fc.constant(schema.const);
	if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
	if (schema.instanceOf !== undefined) return fc.constant(schema.instanceOf === "Uint8Array" ? new Uint8Array(3) : new Float32Array(2));
	const choice = oneOf ?? anyOf;
	if (choice !== undefined) return fc.oneof(...choice.map(inner));
	if (properties !== undefined) {
		const names = Object.keys(properties).filter((name) => depth > 0 || required.includes(name));
		const model = Object.fromEntries(names.map((name) => [name, inner(properties[name] ?? {})]));
		return fc.record(model, { requiredKeys: required.filter((name) => name in model) });
	}
	if (typeof additionalProperties === "object") {
		return depth <= 0
			? fc.constant({})
			: fc.dictionary(fc.constantFrom("a", "chat_completions", "X Y"), inner(additionalProperties), { maxKeys: 2 });
	}
	if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(inner));
	if (typeof items === "object") return depth <= 0 ? fc.constant([]) : fc.array(inner(items), { maxLength: 3 });
	switch (type) {
		case "object":
			return fc.constant({});
		case "boolean":
			return fc.boolean();
		case "integer":
			return fc.integer({ min: schema.minimum ?? -9, max: schema.maximum ?? (schema.minimum ?? 0) + 99 });
		case "number":
			return fc.double({
				min: schema.minimum ?? schema.exclusiveMinimum ?? -9,
				max: schema.maximum ?? (schema.minimum ?? 0) + 99,
				noNaN: true,
			});
		case "string":
			return fc.constantFrom("a", "text", "https://example.test/", "b_c", "YQ==", "");
		default:
			return fc.constantFrom<unknown>(null, "any", 1);
	}
}

/** The value with the part at a place, counted from the outside in, changed. */
function mutated(value: unknown, place: number, change: string, replacement: unknown): unknown {
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return change === "replace" ? replacement : value;
	const keys = Object.keys(value);
	const at = place % (keys.length + 1);
	const key = keys[at];
	const copy: unknown = Array.isArray(value) ? [...value] : { ...value };
	if (typeof copy !== "object" || copy === null) return value;
	if (key === undefined) {
		if (change === "replace") return replacement;
		if (change === "add") Reflect.set(copy, Array.isArray(copy) ? copy.length : "added/~1", replacement);
		return copy;
	}
	if (change === "remove" && !Array.isArray(copy)) Reflect.deleteProperty(copy, key);
	else Reflect.set(copy, key, mutated(Reflect.get(copy, key), Math.floor(place / (keys.length + 1)), change, replacement));
	return copy;
}
