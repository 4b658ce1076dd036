/**
 * Type definitions as JSON Schema: what stands under `$defs`. What a reference to a type looks like is left to the scope, so
 * that the same shapes serve published schemas and validators.
 */

import {
	type Constraints,
	constraintsOf,
	isDefaultedList,
	isOptionalField,
	type JsonKind,
	jsonKind,
	resolveAlias,
} from "../../../model/abi.ts";
import type { DataDef } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import { irVector } from "../../../model/carried/ir-type.ts";
import type { Case, Field, FlagsDef, RecordDef, TypeRef, VariantDef } from "../../../model/model.ts";
import { snakeCase } from "../../../model/names/spelling.ts";
import { caseMember } from "../../../model/names/type-names.ts";
import { withMembers } from "../doc-comment.ts";
import type { JsonSchema } from "./json-schema.ts";

export interface DefinitionScope {
	readonly form: IrForm;
	/** Schema of a value of the type. */
	schemaOf(type: TypeRef): JsonSchema;
	/** Schema of the value that JSON text of that kind stands for. */
	schemaOfJson(kind: JsonKind): JsonSchema;
}

export function definitionSchema(def: DataDef, scope: DefinitionScope): JsonSchema {
	const deprecated: JsonSchema = def.gates.deprecated === undefined ? {} : { deprecated: true };
	switch (def.kind) {
		case "record":
			return { ...description(def.docs.text), ...deprecated, ...recordSchema(def, scope) };
		case "variant":
			return { ...description(def.docs.text), ...deprecated, ...variantSchema(def, scope) };
		case "enum":
			return { ...description(withMembers(def.docs.text, def.cases)), ...deprecated, type: "string", enum: names(def.cases) };
		case "flags":
			return { ...description(withMembers(def.docs.text, def.flags)), ...deprecated, ...flagsSchema(def) };
		case "alias": {
			const json = jsonKind(def);
			return {
				...description(def.docs.text),
				...deprecated,
				...(json === undefined ? scope.schemaOf(def.type) : scope.schemaOfJson(json)),
			};
		}
	}
}

export function description(text: string): JsonSchema {
	return text === "" ? {} : { description: text };
}

function recordSchema(def: RecordDef, scope: DefinitionScope): JsonSchema {
	return {
		type: "object",
		properties: Object.fromEntries(def.fields.map((field) => [snakeCase(field.name), fieldSchema(field, scope)])),
		required: def.fields.filter((field) => isRequired(field, scope.form)).map((field) => snakeCase(field.name)),
		additionalProperties: false,
	};
}

/** A list that is empty when left out may be left out of JSON text, and is there in memory. */
function isRequired(field: Field, form: IrForm): boolean {
	return form === "memory" ? !isOptionalField(field) : field.type.kind !== "option";
}

function fieldSchema(field: Field, scope: DefinitionScope): JsonSchema {
	const type = field.type.kind === "option" ? field.type.some : field.type;
	const { default: written, integer, ...constraints } = fittingConstraints(field, type);
	const preset = scope.form === "memory" && isDefaultedList(field) ? undefined : written;
	return {
		...description(field.docs.text),
		...scope.schemaOf(type),
		...(integer === true ? { type: "integer" } : {}),
		...constraints,
		...(preset === undefined ? {} : { default: defaultValue(preset, type) }),
	};
}

/**
 * The constraints of a field that say something about values of its type. Tags of the ABI are checked before; elsewhere, the docs of a field may
 * have a tag of the same name with another meaning.
 */
function fittingConstraints(field: Field, type: TypeRef): Constraints {
	const target = type.kind === "named" ? resolveAlias(type.def) : type;
	const { integer, minimum, maximum, minItems, maxItems, pattern, default: preset } = constraintsOf(field);
	const primitive = target.kind === "primitive" ? target.name : "";
	const isFloat = primitive === "f32" || primitive === "f64";
	const isNumber = isFloat || /^[us](?:8|16|32)$/.test(primitive);
	const fits: Constraints = {
		...(integer !== undefined && isFloat ? { integer } : {}),
		...(minimum !== undefined && isNumber ? { minimum } : {}),
		...(maximum !== undefined && isNumber ? { maximum } : {}),
		...(minItems !== undefined && target.kind === "list" ? { minItems } : {}),
		...(maxItems !== undefined && target.kind === "list" ? { maxItems } : {}),
		...(pattern !== undefined && primitive === "string" && isPattern(pattern) ? { pattern } : {}),
	};
	return preset === undefined || Number.isNaN(defaultValue(preset, type)) ? fits : { ...fits, default: preset };
}

function isPattern(text: string): boolean {
	try {
		return new RegExp(text, "u").unicode;
	} catch {
		return false;
	}
}

/** The value of a `@default` tag's text in a field of that type. */
export function defaultValue(text: string, type: TypeRef): unknown {
	const target = type.kind === "named" ? resolveAlias(type.def) : type;
	switch (target.kind) {
		case "primitive":
			if (target.name === "bool") return text === "true";
			return target.name === "string" || target.name === "char" ? text : Number(text);
		case "enum":
			return snakeCase(text);
		case "variant":
			return { type: snakeCase(text) };
		case "flags":
			return text === "" ? [] : text.split(/[\s,]+/).map(snakeCase);
		case "list":
			// Bytes are base64 here: in memory a list has no default.
			return irVector(target) === "Uint8Array" ? "" : [];
		default:
			return text;
	}
}

function variantSchema(def: VariantDef, scope: DefinitionScope): JsonSchema {
	return {
		type: "object",
		discriminator: { propertyName: "type" },
		required: ["type"],
		oneOf: def.cases.map((item) => caseSchema(item, scope)),
	};
}

function caseSchema(item: Case, scope: DefinitionScope): JsonSchema {
	const name = snakeCase(item.name);
	const payload: JsonSchema["properties"] = item.type === undefined ? {} : { [caseMember(item)]: scope.schemaOf(item.type) };
	return {
		...description(item.docs.text),
		type: "object",
		properties: { type: { const: name }, ...payload },
		required: ["type", ...Object.keys(payload)],
		additionalProperties: false,
	};
}

function flagsSchema(def: FlagsDef): JsonSchema {
	return { type: "array", items: { type: "string", enum: names(def.flags) }, uniqueItems: true };
}

function names(members: readonly { readonly name: string }[]): string[] {
	return members.map((member) => snakeCase(member.name));
}
