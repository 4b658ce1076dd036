/**
 * JSON Schemas as functions that check values: one module a document, one function a definition. Modules import each other's functions, so
 * each definition is printed once.
 *
 * A function has one statement for each thing that can be wrong. The place of a value is put together only where it is needed: for a
 * fault, and for a value that has a function of its own.
 */
import { camelCase, pascalCase } from "../../../model/names/spelling.ts";
import { Imports } from "../imports.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { type Target, targetOf } from "./references.ts";

/** Knowledge of other documents. */
export interface CheckModules {
	/** Path of the functions that the checks share. */
	readonly runtime: string;
	/** Path of the module with the check of `target`, from the printed one; `./` and its own name for itself. */
	pathOf(target: Target): string;
	/** True if the definition accepts everything. */
	isAnything(target: Target): boolean;
}

/** Keywords that say nothing of which values are valid. */
const REMARKS = ["$schema", "$id", "$comment", "title", "description", "deprecated", "default", "$defs"];
/** Keywords that the printer knows. Any other is refused: what is ignored would not be checked. */
const KNOWN: ReadonlySet<string> = new Set([
	...REMARKS,
	...["$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "propertyNames", "items", "prefixItems", "oneOf"],
	...["anyOf", "discriminator", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems", "minLength"],
	...["maxLength", "uniqueItems", "pattern", "contentEncoding", "instanceOf"],
]);

/** An expression for a value and one for its place, as the functions call them. */
interface Place {
	readonly value: string;
	readonly at: string;
}

const WHOLE: Place = { value: "value", at: "at" };

export class ModulePrinter {
	readonly #module: string;
	readonly #modules: CheckModules;
	readonly #imports = new Imports();
	readonly #constants = new Map<string, string>();
	readonly #functions: string[] = [];
	readonly #names = new Set<string>();

	/** @param definitions all that `define` will be called with */
	constructor(module: string, modules: CheckModules, definitions: readonly Target[]) {
		this.#module = module;
		this.#modules = modules;
		for (const each of definitions) this.#names.add(checkName(each));
	}

	/** Prints the function of a definition; see {@link checkName}. */
	define(target: Target, schema: JsonSchema): void {
		this.#function(checkName(target), (name) => this.#statements(schema, WHOLE, name), "export ");
	}

	/** The module of all that was defined. */
	text(): string {
		const constants = [...this.#constants].map(([value, name]) => `const ${name} = ${value};\n`).join("");
		return [this.#imports.toString(), constants, ...this.#functions].filter((part) => part !== "").join("\n");
	}

	#function(name: string, bodyOf: (name: string) => readonly string[], modifier = ""): void {
		// The functions that the body asks for stand below it.
		const place = this.#functions.push("") - 1;
		const body = bodyOf(name);
		this.#functions[place] = `${modifier}function ${name}(value, at, found) {\n${body.map((line) => `\t${line}\n`).join("")}}\n`;
	}

	#statements(schema: JsonSchema, place: Place, name: string): string[] {
		for (const keyword of Object.keys(schema)) if (!KNOWN.has(keyword)) throw new Error(`unknown keyword: "${keyword}"`);
		return [
			...this.#reference(schema, place),
			...(isShaped(schema) ? this.#shape(schema, place, name) : this.#scalar(schema, place, name)),
			...this.#alternatives(schema, place, name),
		];
	}

	#reference({ $ref }: JsonSchema, { value, at }: Place): string[] {
		if ($ref === undefined) return [];
		const target = targetOf($ref, this.#module);
		return this.#modules.isAnything(target) ? [] : [`${this.#checkOf(target)}(${value}, ${at}, found);`];
	}

	/** Objects and lists. A function ends where the value is neither. */
	#shape(schema: JsonSchema, place: Place, name: string): string[] {
		const { type } = schema;
		const isObject =
			schema.properties !== undefined || schema.required !== undefined || schema.discriminator !== undefined || type === "object";
		const { value, at } = place;
		const test = isObject ? `${this.#runtime("isObject")}(${value})` : `Array.isArray(${value})`;
		const inside = isObject ? this.#members(schema, place, name) : this.#items(schema, place, name);
		if (type === undefined) return inside.length === 0 ? [] : [`if (${test}) {`, ...inside.map((line) => `\t${line}`), "}"];
		if (type !== (isObject ? "object" : "array")) throw new Error(`no validator has members or items for the type ${JSON.stringify(type)}`);
		const otherwise = `${this.#runtime("wrongType")}(found, ${at}, ${quoted(type)});`;
		if (inside.length === 0) return [`if (!${test}) ${otherwise}`];
		return place === WHOLE
			? [`if (!${test}) return ${otherwise}`, ...inside]
			: [`if (!${test}) ${otherwise}`, "else {", ...inside.map((line) => `\t${line}`), "}"];
	}

	#members(schema: JsonSchema, place: Place, name: string): string[] {
		const { properties = {}, required = [], additionalProperties, propertyNames, discriminator } = schema;
		const { value, at } = place;
		if (discriminator !== undefined) return this.#cases(schema, place, name);
		const lines = required.map(
			(each) => `if (${member(value, each)} === undefined) ${this.#runtime("missing")}(found, ${at}, ${quoted(each)});`,
		);
		const known = (): string =>
			Object.keys(properties).length === 0 ? "[]" : this.#constant(`${name}Members`, listText(Object.keys(properties)));
		if (additionalProperties === false) lines.push(`${this.#runtime("unknownMembers")}(${value}, ${at}, found, ${known()});`);
		if (typeof additionalProperties === "object" && !this.#acceptsAll(additionalProperties)) {
			const check = this.#checkFor(additionalProperties, `${name}Member`);
			lines.push(`${this.#runtime("eachMember")}(${value}, ${at}, found, ${known()}, ${check});`);
		}
		if (propertyNames !== undefined) {
			lines.push(`${this.#runtime("eachName")}(${value}, ${at}, found, ${this.#checkFor(propertyNames, `${name}Name`)});`);
		}
		return [...lines, ...Object.entries(properties).flatMap(([each, part]) => this.#member(each, part, place, name))];
	}

	/** A member that is there is checked. A missing member is a fault of `required`. */
	#member(each: string, schema: JsonSchema, { value, at }: Place, name: string): string[] {
		const place = { value: member(value, each), at: `${at} + ${quoted(`/${each.replaceAll("~", "~0").replaceAll("/", "~1")}`)}` };
		const lines = this.#part(schema, place, `${name}${pascalCase(each.replaceAll("_", "-"))}`);
		const [line] = lines;
		if (line === undefined) return [];
		const present = `if (${place.value} !== undefined)`;
		// Conditions of a line on its own are never alternatives.
		if (lines.length === 1 && line.startsWith("if (")) return [`${present.slice(0, -1)} && ${line.slice("if (".length)}`];
		return lines.length === 1 ? [`${present} ${line}`] : [`${present} {`, ...lines.map((text) => `\t${text}`), "}"];
	}

	/** A part that is no scalar has a function of its own. */
	#part(schema: JsonSchema, place: Place, name: string): string[] {
		if (schema.$ref === undefined && needsFunction(schema)) return [`${this.#checkFor(schema, name)}(${place.value}, ${place.at}, found);`];
		return this.#statements(schema, place, name);
	}

	/** The cases of a variant, of which the value's tag selects one. */
	#cases({ oneOf = [], discriminator }: JsonSchema, { value, at }: Place, name: string): string[] {
		if (discriminator?.propertyName !== "type") throw new Error("a validator tells cases apart by `type` alone");
		const cases = oneOf.flatMap(({ properties: { type: tag, ...properties } = {}, required = [], ...rest }) => {
			const kept: JsonSchema = { ...rest, properties: { type: {}, ...properties }, required: required.filter((each) => each !== "type") };
			const check = this.#unique(`${name}${pascalCase(String(tag?.const).replaceAll("_", "-"))}`);
			this.#function(check, (own) => this.#members(kept, WHOLE, own));
			return [`\tcase ${JSON.stringify(tag?.const)}:`, `\t\treturn ${check}(${value}, ${at}, found);`];
		});
		return [`switch (${value}.type) {`, ...cases, "\tdefault:", `\t\t${this.#runtime("unknownCase")}(found, ${at}, ${value}.type);`, "}"];
	}

	#items(schema: JsonSchema, place: Place, name: string): string[] {
		const { items, prefixItems = [], uniqueItems } = schema;
		const { value, at } = place;
		const lines = this.#size(schema, place, `${value}.length`, "Items");
		lines.push(
			...prefixItems.flatMap((part, index) => {
				const item = { value: `${value}[${index}]`, at: `${at} + "/${index}"` };
				const check = this.#part(part, item, `${name}${index}`);
				return check.length === 0 ? [] : [`if (${value}.length > ${index}) {`, ...check.map((line) => `\t${line}`), "}"];
			}),
		);
		if (typeof items === "object" && prefixItems.length > 0) throw new Error("no validator has further items behind `prefixItems`");
		if (items === false && prefixItems.length === 0) throw new Error("no validator has `items: false` without `prefixItems`");
		if (typeof items === "object" && !this.#acceptsAll(items)) {
			lines.push(`${this.#runtime("eachItem")}(${value}, ${at}, found, ${this.#checkFor(items, `${name}Item`)});`);
		}
		if (uniqueItems === true) lines.push(`${this.#runtime("uniqueItems")}(${value}, ${at}, found);`);
		return lines;
	}

	/** Values with neither members nor items. */
	#scalar(schema: JsonSchema, place: Place, name: string): string[] {
		const { type, instanceOf, minItems, maxItems } = schema;
		const { value, at } = place;
		const lines: string[] = [];
		if (instanceOf !== undefined) {
			lines.push(`if (!(${value} instanceof ${instanceOf})) ${this.#runtime("notInstance")}(found, ${at}, ${quoted(instanceOf)});`);
		}
		if (minItems !== undefined || maxItems !== undefined) {
			const sizes = this.#size(schema, place, `${value}.length`, "Items");
			lines.push(`if (Array.isArray(${value})) {`, ...sizes.map((line) => `\t${line}`), "}");
		}
		if ("const" in schema) {
			const constant = JSON.stringify(schema.const);
			lines.push(`if (${value} !== ${constant}) ${this.#runtime("notConstant")}(found, ${at}, ${constant});`);
		}
		if (schema.enum !== undefined && type === undefined) {
			const allowed = this.#constant(`${name}Choices`, listText(schema.enum));
			lines.push(`if (!${allowed}.includes(${value})) ${this.#runtime("notAllowed")}(found, ${at}, ${allowed});`);
		}
		if (schema.enum !== undefined && type !== undefined && type !== "string") throw new Error("no validator has choices that are no texts");
		if (Array.isArray(type)) throw new Error("no validator has several types; write `anyOf`");
		switch (type) {
			case "number":
			case "integer":
				return [...lines, this.#number(schema, place)];
			case "boolean":
				return [...lines, `if (typeof ${value} !== "boolean") ${this.#runtime("wrongType")}(found, ${at}, "boolean");`];
			case "null":
				return [...lines, `if (${value} !== null) ${this.#runtime("wrongType")}(found, ${at}, "null");`];
			case "string":
				return [...lines, ...this.#text(schema, place, name)];
			case undefined:
				return [...lines, ...this.#textRules(schema, place, name).map((line) => `if (typeof ${value} === "string") ${line}`)];
			default:
				throw new Error(`no validator knows the type ${JSON.stringify(type)}`);
		}
	}

	#number({ type, minimum, maximum, exclusiveMinimum }: JsonSchema, { value, at }: Place): string {
		const tests = [
			`Number.${type === "integer" ? "isInteger" : "isFinite"}(${value})`,
			...(minimum === undefined ? [] : [`${value} >= ${minimum}`]),
			...(maximum === undefined ? [] : [`${value} <= ${maximum}`]),
			...(exclusiveMinimum === undefined ? [] : [`${value} > ${exclusiveMinimum}`]),
		];
		const bounds = Object.entries({ minimum, maximum, exclusiveMinimum }).filter(([, bound]) => bound !== undefined);
		const limits = bounds.length === 0 ? "{}" : `{ ${bounds.map(([keyword, bound]) => `${keyword}: ${bound}`).join(", ")} }`;
		return `if (!(${tests.join(" && ")})) ${this.#runtime("wrongNumber")}(found, ${at}, ${value}, ${quoted(String(type))}, ${limits});`;
	}

	#text(schema: JsonSchema, place: Place, name: string): string[] {
		const { value, at } = place;
		if (schema.enum !== undefined) {
			const allowed = this.#constant(`${name}Choices`, listText(schema.enum));
			return [`if (!${allowed}.includes(${value})) ${this.#runtime("wrongChoice")}(found, ${at}, ${value}, ${allowed});`];
		}
		const wrong = `if (typeof ${value} !== "string") ${this.#runtime("wrongType")}(found, ${at}, "string");`;
		const rules = this.#textRules(schema, place, name);
		const [rule] = rules;
		if (rule === undefined) return [wrong];
		return rules.length === 1 ? [wrong, `else ${rule}`] : [wrong, "else {", ...rules.map((line) => `\t${line}`), "}"];
	}

	#textRules(schema: JsonSchema, place: Place, name: string): string[] {
		const { value, at } = place;
		const { minLength, maxLength, pattern, contentEncoding } = schema;
		const isMeasured = maxLength !== undefined || (minLength ?? 0) > 1;
		const lines = isMeasured
			? this.#size(schema, place, `${this.#runtime("lengthOf")}(${value})`, "Length")
			: minLength === 1
				? [`if (${value} === "") ${this.#runtime("tooFew")}(found, ${at}, "characters", 1);`]
				: [];
		if (pattern !== undefined) {
			const expression = this.#constant(`${name}Pattern`, String(new RegExp(pattern, "u")));
			lines.push(`if (!${expression}.test(${value})) ${this.#runtime("mismatch")}(found, ${at}, ${quoted(pattern)});`);
		}
		if (contentEncoding !== undefined) {
			const message = "must be base64 in full groups of four characters";
			lines.push(`if (${value}.length % 4 !== 0) ${this.#runtime("fault")}(found, ${at}, "contentEncoding", {}, ${quoted(message)});`);
		}
		return lines;
	}

	/** Bounds of a list's items, or of a text's characters. */
	#size(schema: JsonSchema, { at }: Place, size: string, of: "Items" | "Length"): string[] {
		const kind = of === "Items" ? "items" : "characters";
		const [least, most] = [schema[`min${of}`], schema[`max${of}`]];
		return [
			...(least === undefined ? [] : [`if (${size} < ${least}) ${this.#runtime("tooFew")}(found, ${at}, "${kind}", ${least});`]),
			...(most === undefined ? [] : [`if (${size} > ${most}) ${this.#runtime("tooMany")}(found, ${at}, "${kind}", ${most});`]),
		];
	}

	#alternatives(schema: JsonSchema, { value, at }: Place, name: string): string[] {
		const { anyOf, discriminator } = schema;
		const oneOf = discriminator === undefined ? schema.oneOf : undefined;
		const list = (schemas: readonly JsonSchema[]): string =>
			`[${schemas.map((each, index) => this.#checkFor(each, `${name}Form${index + 1}`)).join(", ")}]`;
		return [
			...(oneOf === undefined ? [] : [`${this.#runtime("oneOf")}(${value}, ${at}, found, ${list(oneOf)});`]),
			...(anyOf === undefined ? [] : [`${this.#runtime("anyOf")}(${value}, ${at}, found, ${list(anyOf)});`]),
		];
	}

	/** Name of a function that checks the schema: that of the definition it refers to, or one of its own. */
	#checkFor(schema: JsonSchema, wanted: string): string {
		const { $ref, ...rest } = withoutRemarks(schema);
		if ($ref !== undefined && Object.keys(rest).length === 0) return this.#checkOf(targetOf($ref, this.#module));
		const name = this.#unique(wanted);
		this.#function(name, (own) => this.#statements(schema, WHOLE, own));
		return name;
	}

	#acceptsAll(schema: JsonSchema): boolean {
		const { $ref, ...rest } = withoutRemarks(schema);
		return Object.keys(rest).length === 0 && ($ref === undefined || this.#modules.isAnything(targetOf($ref, this.#module)));
	}

	#checkOf(target: Target): string {
		const path = this.#modules.pathOf(target);
		if (path === `./${this.#module}.js`) return checkName(target);
		const alias = `${camelCase(target.module)}${path.startsWith("./") ? "Checks" : "MemoryChecks"}`;
		return `${this.#imports.valueNamespace(alias, path)}.${checkName(target)}`;
	}

	#runtime(name: string): string {
		return `${this.#imports.valueNamespace("is", this.#modules.runtime)}.${name}`;
	}

	/** @param wanted name of the function that needs it, and what it is */
	#constant(wanted: string, value: string): string {
		const known = this.#constants.get(value);
		if (known !== undefined) return known;
		const name = this.#unique(wanted.replace(/^check(.)/, (_, first: string) => first.toLowerCase()));
		this.#constants.set(value, name);
		return name;
	}

	#unique(wanted: string): string {
		let name = wanted;
		for (let count = 2; this.#names.has(name); count++) name = `${wanted}${count}`;
		this.#names.add(name);
		return name;
	}
}

/** Name of the function that checks a definition, e.g. `checkRequest`. */
export function checkName({ module, name }: Target): string {
	return `check${name ?? pascalCase(module)}`;
}

function withoutRemarks(schema: JsonSchema): JsonSchema {
	return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !REMARKS.includes(keyword)));
}

/** True for a schema of objects or lists. */
function isShaped(schema: JsonSchema): boolean {
	const { type, properties, required, discriminator, items, prefixItems, uniqueItems } = schema;
	if (type === "object" || type === "array") return true;
	return [properties, required, discriminator, items, prefixItems, uniqueItems].some((each) => each !== undefined);
}

function needsFunction(schema: JsonSchema): boolean {
	return isShaped(schema) || schema.oneOf !== undefined || schema.anyOf !== undefined;
}

function listText(values: readonly unknown[]): string {
	return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

function quoted(text: string): string {
	return JSON.stringify(text);
}

/** Names that every object inherits: only a member of the object itself counts. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

function member(value: string, name: string): string {
	const access = /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${quoted(name)}]`;
	return INHERITED.has(name) ? `(Object.hasOwn(${value}, ${quoted(name)}) ? ${access} : undefined)` : access;
}
