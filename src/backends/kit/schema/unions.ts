import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { areDisjoint } from "./disjoint.ts";
import { annotationsOf } from "./intersection.ts";
import { concerns, isNeutral, isSchemaObject, isTypeName, own, RESTRICTIONS, typesOf } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";
import type { References } from "./references.ts";
import { typeOfValue, valuesOf, valuesOfTypes } from "./values.ts";

/**
 * Returns an equal schema whose alternatives the dialect can express: `oneOf` as `anyOf`, a copy of the other keywords in each
 * alternative, lists of types and of values as alternatives. Returns the same object if nothing changes.
 */
export function withUnions(lowering: Lowering, references: References, schema: JsonObject, path: SchemaPath): JsonObject {
	return alternatives(lowering, references, schema, path) ?? typeList(lowering, values(lowering, schema, path));
}

/** Keyword for alternatives that the host adds. */
export function unionKeyword({ dialect }: Lowering): "anyOf" | "oneOf" {
	return dialect.unions.keyword === "oneOf" ? "oneOf" : "anyOf";
}

function alternatives(lowering: Lowering, references: References, schema: JsonObject, path: SchemaPath): JsonObject | undefined {
	const { unions } = lowering.dialect;
	const keyword = Object.hasOwn(schema, "oneOf") ? "oneOf" : Object.hasOwn(schema, "anyOf") ? "anyOf" : undefined;
	if (keyword === undefined) return undefined;
	const branches = own(schema, keyword);
	if (!Array.isArray(branches) || branches.length === 0) throw lowering.invalid(path, `${keyword} must be a list of schemas`);
	const sent = unions.keyword === "both" ? keyword : unions.keyword;
	if (keyword === "oneOf" && unions.keyword !== "both" && !isDisjoint(lowering, references, branches, path))
		lowering.downgrade(path, "wider", "oneOf is sent as alternatives of which several may match");
	const others = Object.entries(schema).filter(([name, value]) => name !== keyword && RESTRICTIONS.has(name) && !isNeutral(name, value));
	const siblings = others.filter(([name, value]) => !isImplied(name, value, branches));
	const isDouble = siblings.some(([name]) => name === "anyOf");
	if (unions.siblings ? !isDouble || unions.keyword === "both" : siblings.length === 0) {
		if (sent === keyword && (unions.siblings || others.length === 0)) return schema;
		return { ...(unions.siblings ? replace(schema, [keyword]) : annotationsOf(schema)), [sent]: branches };
	}
	const common = Object.fromEntries(siblings);
	const copies = branches.map((branch): JsonObject => {
		lowering.copy(common, path);
		return { allOf: [common, branch] };
	});
	return { ...annotationsOf(schema), [sent]: copies };
}

function isDisjoint({ reading }: Lowering, references: References, branches: readonly JsonValue[], path: SchemaPath): boolean {
	return areDisjoint(
		branches.map((branch) => target(references, branch, path)),
		reading,
	);
}

function target(references: References, branch: JsonValue, path: SchemaPath): JsonValue {
	const ref = isSchemaObject(branch) ? own(branch, "$ref") : undefined;
	return ref === undefined ? branch : references.resolve(ref, path).schema;
}

function hasRestrictions(schema: JsonObject, except: string): boolean {
	return Object.keys(schema).some((keyword) => keyword !== except && RESTRICTIONS.has(keyword));
}

/** Returns true if each branch states the type that stands beside the union. */
function isImplied(keyword: string, value: JsonValue, branches: readonly JsonValue[]): boolean {
	return keyword === "type" && branches.every((branch) => isSchemaObject(branch) && own(branch, "type") === value);
}

/** Splits values of several kinds, if the dialect does not allow them in one list. */
function values(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const { dialect } = lowering;
	const found = valuesOf(schema);
	if (found === undefined) return schema;
	const allowed = valuesOfTypes(found, schema);
	if (allowed.length === 0) throw lowering.invalid(path, "no value is valid: enum, const and type exclude each other");
	const hasNull = allowed.includes(null);
	const splitsNull = hasNull && dialect.values !== undefined && !dialect.values.has("null");
	const kinds = new Set(allowed.map(typeOfValue));
	const isMixed = dialect.needsType && !Object.hasOwn(schema, "type") && dialect.typeLists !== "all" && kinds.size > 1;
	if ((!splitsNull && !isMixed) || kinds.size === 1) return schema;
	const rest = restrictionsBeside(schema, ["type", "enum", "const"]);
	const groups = isMixed ? [...kinds] : ["null" as const, undefined];
	return {
		...annotationsOf(schema),
		[unionKeyword(lowering)]: groups.map((kind) => {
			const members = allowed.filter((value) => (kind === undefined ? value !== null : typeOfValue(value) === kind));
			const types = typesOf(schema)?.filter((type) => type !== "null");
			const type = kind ?? (types?.length === 1 ? types[0] : types && [...types]);
			return { ...rest, ...(type === undefined ? {} : { type }), ...(kind === "null" ? {} : { enum: members }) };
		}),
	};
}

/** Splits a list of types, if the dialect does not allow it. */
function typeList(lowering: Lowering, schema: JsonObject): JsonObject {
	const { typeLists } = lowering.dialect;
	const type = own(schema, "type");
	if (!Array.isArray(type) || typeLists === "all") return schema;
	const listed = type.filter(isTypeName);
	const types = listed.filter((name) => name !== "integer" || !listed.includes("number"));
	const [only] = types;
	if (only === undefined) return schema;
	if (types.length === 1) return { ...schema, type: only };
	const isPlain = types.every((name) => name !== "object" && name !== "array") && !hasRestrictions(schema, "type");
	if (typeLists === "scalars" && isPlain) return schema;
	const found = valuesOf(schema);
	return {
		...annotationsOf(schema),
		[unionKeyword(lowering)]: types.flatMap((name): JsonObject[] => {
			const rest = Object.fromEntries(
				Object.entries(restrictionsBeside(schema, ["type", "enum", "const"])).filter(([keyword]) => concerns(keyword, name)),
			);
			if (found === undefined) return [{ type: name, ...rest }];
			const members = valuesOfTypes(found, { type: name });
			return members.length === 0 ? [] : [{ type: name, ...rest, ...(name === "null" ? {} : { enum: [...members] }) }];
		}),
	};
}

function restrictionsBeside(schema: JsonObject, without: readonly string[]): JsonObject {
	return Object.fromEntries(Object.entries(schema).filter(([keyword]) => RESTRICTIONS.has(keyword) && !without.includes(keyword)));
}
