/** Arbitrary values in IR shape of any type in a model, for property tests. Constraint tags are ignored. */
import * as fc from "fast-check";
import { isOptionalField, jsonKind } from "../../codegen/model/abi.ts";
import { isNestedOption } from "../../codegen/model/carried/wit-type.ts";
import type { PrimitiveName, RecordDef, ResourceDef, TypeDef, TypeRef, VariantDef } from "../../codegen/model/model.ts";
import { snakeCase } from "../../codegen/model/names/spelling.ts";

export function irValues(type: TypeRef): fc.Arbitrary<unknown> {
	switch (type.kind) {
		case "primitive":
			return primitives(type.name);
		case "list":
			return lists(type.element);
		case "map":
			return fc.dictionary(
				fc.string().filter((key) => key !== "__proto__"),
				irValues(type.value),
				{ maxKeys: 3, noNullPrototype: true },
			);
		case "option":
			return fc.option(isNestedOption(type) ? fc.record({ some: irValues(type.some) }, { noNullPrototype: true }) : irValues(type.some), {
				nil: null,
			});
		case "result":
			return fc.oneof(
				fc.record({ ok: type.ok === undefined ? fc.constant(null) : irValues(type.ok) }, { noNullPrototype: true }),
				fc.record({ err: type.err === undefined ? fc.constant(null) : irValues(type.err) }, { noNullPrototype: true }),
			);
		case "tuple":
			return fc.tuple(...type.items.map(irValues));
		case "named":
			return irValuesOf(type.def);
		default:
			throw new Error(`no values of a ${type.kind}`);
	}
}

export function irValuesOf(def: Exclude<TypeDef, ResourceDef>): fc.Arbitrary<unknown> {
	switch (def.kind) {
		case "record":
			return records(def);
		case "variant":
			return fc.oneof(...def.cases.map((item) => cases(item)));
		case "enum":
			return fc.constantFrom(...def.cases.map((item) => snakeCase(item.name)));
		case "flags":
			return fc.subarray(def.flags.map((flag) => snakeCase(flag.name)));
		case "alias": {
			const json = jsonKind(def);
			if (json === undefined) return irValues(def.type);
			return json === "any" ? jsonValues : fc.dictionary(jsonKeys, jsonValues, { maxKeys: 3, noNullPrototype: true });
		}
	}
}

const jsonKeys = fc.string().filter((key) => key !== "__proto__");
/** Excludes `-0`, because JSON text does not preserve it. */
const jsonValues = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

function records(def: RecordDef): fc.Arbitrary<unknown> {
	const members = def.fields.map(({ name, type }): [string, fc.Arbitrary<unknown>] => [
		snakeCase(name),
		irValues(type.kind === "option" ? type.some : type),
	]);
	const requiredKeys = def.fields.filter((field) => !isOptionalField(field)).map((field) => snakeCase(field.name));
	return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
}

function cases({ name, type }: VariantDef["cases"][number]): fc.Arbitrary<unknown> {
	const key = snakeCase(name);
	if (type === undefined) return fc.constant({ type: key });
	return irValues(type).map((value) => ({ type: key, [key]: value }));
}

function lists(element: TypeRef): fc.Arbitrary<unknown> {
	if (element.kind === "primitive" && element.name === "u8") return fc.uint8Array({ maxLength: 8 });
	if (element.kind === "primitive" && element.name === "f32")
		return fc.float32Array({ maxLength: 8, noNaN: true, noDefaultInfinity: true });
	return fc.array(irValues(element), { maxLength: 3 });
}

function primitives(name: PrimitiveName): fc.Arbitrary<unknown> {
	switch (name) {
		case "bool":
			return fc.boolean();
		case "u8":
			return fc.integer({ min: 0, max: 0xff });
		case "u16":
			return fc.integer({ min: 0, max: 0xffff });
		case "u32":
			return fc.integer({ min: 0, max: 0xffffffff });
		case "s8":
			return fc.integer({ min: -0x80, max: 0x7f });
		case "s16":
			return fc.integer({ min: -0x8000, max: 0x7fff });
		case "s32":
			return fc.integer({ min: -0x80000000, max: 0x7fffffff });
		case "f32":
			return fc.float({ noNaN: true, noDefaultInfinity: true });
		case "f64":
			return fc.double({ noNaN: true, noDefaultInfinity: true });
		case "char":
			return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
		case "string":
			return fc.string({ unit: "binary" });
		default:
			throw new Error(`no values of ${name}`);
	}
}
