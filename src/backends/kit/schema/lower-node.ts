import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { withItems } from "./arrays.ts";
import type { Definitions } from "./definitions.ts";
import { describe } from "./describe.ts";
import type { SchemaDialect } from "./dialect.ts";
import { fitOf } from "./fit.ts";
import { withIntegers } from "./integers.ts";
import { annotationsOf, mergeAllOf } from "./intersection.ts";
import * as keywords from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { normalize } from "./normalize.ts";
import { withObjectRules } from "./objects.ts";
import type { SchemaPath } from "./path.ts";
import { isResource, type References } from "./references.ts";
import { unionKeyword, withUnions } from "./unions.ts";
import { withType } from "./with-type.ts";
import { withValues } from "./with-values.ts";

const { own, isSchemaObject } = keywords;

/** Lowers the schemas within one schema. */
export class NodeLowering {
	/** Name of the definition that is being lowered. Empty for the outermost schema. */
	definition = "";
	readonly #lowering: Lowering;
	readonly #references: References;
	readonly #definitions: Definitions;

	constructor(lowering: Lowering, references: References, definitions: Definitions) {
		this.#lowering = lowering;
		this.#references = references;
		this.#definitions = definitions;
	}

	/** Returns the lowered schema: the same value if nothing changes. */
	lower(schema: JsonValue | undefined, path: SchemaPath, isRoot = false): JsonValue {
		return this.#lowering.nested(path, () => this.#lower(schema, path, isRoot));
	}

	#lower(schema: JsonValue | undefined, path: SchemaPath, isRoot: boolean): JsonValue {
		const { dialect } = this.#lowering;
		if (typeof schema === "boolean") return this.#boolean(schema, path);
		if (!isSchemaObject(schema)) throw this.#lowering.invalid(path, "it is no JSON Schema; write an object");
		const node = normalize(schema);
		checkTypes(this.#lowering, node, path);
		if (dialect.anything !== undefined && keywords.isAnything(node)) return dialect.anything;
		const { references, allOf } = dialect;
		if (references.form !== "untouched") {
			if (!isRoot && isResource(node) && Object.hasOwn(node, "$id"))
				throw this.#lowering.cannot(path, "accepts no schema with an $id of its own within another; remove the $id");
			if (Object.hasOwn(node, "$dynamicRef") || Object.hasOwn(node, "$recursiveRef"))
				throw this.#lowering.cannot(path, "has no $dynamicRef; use $ref");
			if (Object.hasOwn(node, "$ref")) return isRoot ? this.#merged(node, path, isRoot) : this.#reference(node, path);
		}
		if (!allOf && Object.hasOwn(node, "allOf")) return this.#merged(node, path, isRoot);
		return this.#plain(withUnions(this.#lowering, this.#references, node, path), path, isRoot);
	}

	#boolean(schema: boolean, path: SchemaPath): JsonValue {
		const { dialect } = this.#lowering;
		if (dialect.otherKeywords === "keep") return schema;
		if (!schema) throw this.#lowering.cannot(path, "accepts no schema without values; remove false");
		return dialect.anything ?? this.lower({}, path);
	}

	/** Lowers a schema with `allOf`, as one that is merged. */
	#merged(node: JsonObject, path: SchemaPath, isRoot: boolean): JsonValue {
		const { schema, targets } = mergeAllOf(this.#lowering, this.#references, node, path);
		for (const pointer of targets) this.#lowering.active.add(pointer);
		const lowered = this.lower(schema, path, isRoot);
		for (const pointer of targets) this.#lowering.active.delete(pointer);
		return lowered;
	}

	#reference(node: JsonObject, path: SchemaPath): JsonValue {
		const { dialect, ignoresRefSiblings, active, optionalProperties } = this.#lowering;
		const { references } = dialect;
		const { $ref, $defs: _, definitions: __, ...beside } = node;
		const siblings = ignoresRefSiblings ? annotationsOf(beside) : beside;
		const restricts = Object.entries(siblings).some(([name, value]) => keywords.RESTRICTIONS.has(name) && !keywords.isNeutral(name, value));
		if (restricts) return this.#merged(node, path, false);
		const target = this.#references.resolve($ref ?? null, path);
		if (references.form === "inline" || (references.siblings === "copy" && Object.keys(siblings).some((name) => isSent(dialect, name)))) {
			if (active.has(target.pointer))
				throw this.#lowering.cannot(path, "accepts no schema that contains itself; bound the depth by separate definitions");
			this.#lowering.copy(target.schema, path);
			active.add(target.pointer);
			const lowered = this.lower(withAnnotations(target.schema, siblings), path);
			active.delete(target.pointer);
			return lowered;
		}
		const isOptional = optionalProperties > 0;
		const isRoot = target.pointer === "" && references.root;
		if (isRoot) this.#definitions.referToRoot(this.definition, isOptional);
		const ref = isRoot ? "#" : `#/$defs/${this.#definitions.refer(target, this.definition, isOptional)}`;
		const annotations = this.#entries(annotationsOf(siblings), path);
		if (annotations.length === 0) return ref === $ref && Object.keys(node).length === 1 ? node : { $ref: ref };
		if (references.siblings === "wrap") return Object.fromEntries([...annotations, [unionKeyword(this.#lowering), [{ $ref: ref }]]]);
		const lowered = [["$ref", ref] as const, ...annotations];
		return ref === $ref && isSame(node, lowered) ? node : Object.fromEntries(lowered);
	}

	/** Lowers a schema whose own keywords remain what they are. */
	#plain(schema: JsonObject, path: SchemaPath, isRoot: boolean): JsonObject {
		const { dialect } = this.#lowering;
		const typed = withType(this.#lowering, schema, path);
		const node = withIntegers(
			dialect,
			withItems(this.#lowering, withObjectRules(this.#lowering, withValues(this.#lowering, typed, path), path), path),
		);
		const entries = this.#entries(node, path, isRoot);
		return isSame(schema, entries) ? schema : Object.fromEntries(entries);
	}

	/** Returns the keywords that are sent, with lowered schemas in them. */
	#entries(node: JsonObject, path: SchemaPath, isRoot = false): [string, JsonValue][] {
		const described: [string, JsonValue][] = [];
		const entries: [string, JsonValue][] = [];
		const dropped: string[] = [];
		for (const [keyword, value] of Object.entries(node)) {
			const fit = fitOf(this.#lowering.dialect, node, keyword, value, isRoot);
			if (fit === "lose") dropped.push(keyword);
			if (fit === "describe") described.push([keyword, value]);
			if (fit === "keep") entries.push([keyword, this.#value(node, keyword, value, path)]);
		}
		const lost = described.filter(([keyword]) => keywords.RESTRICTIONS.has(keyword)).map(([keyword]) => keyword);
		if (dropped.length > 0) this.#lowering.downgrade(path, "wider", `${dropped.join(", ")} dropped`);
		if (lost.length > 0) this.#lowering.downgrade(path, "wider", `${lost.join(", ")} moved into the description`);
		const description = describe(own(node, "description"), described);
		if (description === undefined || description === own(node, "description")) return entries;
		return [...entries.filter(([keyword]) => keyword !== "description"), ["description", description]];
	}

	#value(node: JsonObject, keyword: string, value: JsonValue, path: SchemaPath): JsonValue {
		const at = path.at(keyword);
		if (keyword === "additionalProperties" && typeof value === "boolean") return value;
		if (keywords.SCHEMA_KEYWORDS.has(keyword)) return this.lower(value, at);
		if (keywords.LIST_KEYWORDS.has(keyword)) {
			if (!Array.isArray(value)) throw this.#lowering.invalid(at, "it must be a list of schemas");
			const lowered = value.map((item, index) => this.lower(item, at.at(index)));
			return lowered.every((item, index) => item === value[index]) ? value : lowered;
		}
		if (!keywords.MAP_KEYWORDS.has(keyword)) return value;
		if (!isSchemaObject(value)) throw this.#lowering.invalid(at, "it must be an object of schemas");
		const listed = own(node, "required");
		const required = new Set(Array.isArray(listed) ? listed : []);
		const lowered = Object.entries(value).map(([name, schema]): [string, JsonValue] => {
			const isOptional = keyword === "properties" && !required.has(name);
			if (isOptional) this.#lowering.optionalProperties++;
			const member = this.lower(schema, at.at(name));
			if (isOptional) this.#lowering.optionalProperties--;
			return [name, member];
		});
		return isSame(value, lowered) ? value : Object.fromEntries(lowered);
	}
}

/** Checks the length of a list of types. Each keyword reads the list, so a long one would cost as much as both together. */
function checkTypes(lowering: Lowering, schema: JsonObject, path: SchemaPath): void {
	const type = own(schema, "type");
	if (Array.isArray(type) && type.length > keywords.TYPES.length)
		throw lowering.invalid(path, `type must list each of ${keywords.TYPES.join(", ")} at most once`);
}

/** Returns true for an annotation that the model sees. */
function isSent(dialect: SchemaDialect, annotation: string): boolean {
	return annotation === "description" || keywords.TELLING_ANNOTATIONS.has(annotation) || dialect.keywords.has(annotation);
}

function isSame(object: JsonObject, entries: readonly (readonly [string, JsonValue])[]): boolean {
	return Object.keys(object).length === entries.length && entries.every(([name, value]) => own(object, name) === value);
}

/** Returns a schema with the annotations of a reference to it in place of its own. */
function withAnnotations(schema: JsonValue, annotations: JsonObject): JsonValue {
	if (Object.keys(annotations).length === 0) return schema;
	if (isSchemaObject(schema)) return { ...schema, ...annotations };
	return schema === true ? annotations : schema;
}
