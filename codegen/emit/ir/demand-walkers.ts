/**
 * The functions of `ir/operations.ts` that walk a payload and collect the features it demands. Each type from which a `@feature` tag
 * can be reached has a function of its own, so recursive types have recursive functions.
 */
import { featuresOf, isOptionalField } from "../../model/abi.ts";
import { childTypes } from "../../model/build-abi.ts";
import { type DataDef, moduleOf } from "../../model/carried/data-types.ts";
import { withoutAliases } from "../../model/carried/ir-type.ts";
import { isNestedOption } from "../../model/carried/wit-type.ts";
import type { Field, Model, RecordDef, TypeRef, VariantDef } from "../../model/model.ts";
import { pascalCase, snakeCase } from "../../model/names/spelling.ts";
import { moduleAlias, typeName } from "../../model/names/type-names.ts";
import type { Imports } from "../kit/imports.ts";
import { tabs } from "../kit/layout.ts";

export class DemandWalkers {
	readonly #model: Model;
	readonly #imports: Imports;
	readonly #walkers = new Map<DataDef, { readonly name: string; text: string }>();

	constructor(model: Model, imports: Imports) {
		this.#model = model;
		this.#imports = imports;
	}

	/** The function of `demandedFeatures` for a payload, as an expression. */
	entry(payload: RecordDef): string {
		return reachesFeature(payload) ? `(payload) => collect(payload, ${this.#walker(payload)})` : "() => new Set()";
	}

	/** Declarations of all functions asked for so far. */
	functions(): string[] {
		return this.#walkers.size === 0 ? [] : [COLLECT, ...[...this.#walkers.values()].map(({ text }) => text)];
	}

	/** Name of the function for a record or variant; declares it when it is new. */
	#walker(def: RecordDef | VariantDef): string {
		const known = this.#walkers.get(def);
		if (known !== undefined) return known.name;
		const module = moduleOf(def, this.#model);
		const type = `${this.#imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${typeName(def)}`;
		const walker = { name: this.#imports.scope.take(`demandOf${pascalCase(def.owner.name)}${pascalCase(def.name)}`), text: "" };
		this.#walkers.set(def, walker);
		const body = def.kind === "record" ? this.#recordBody(def) : this.#variantBody(def);
		walker.text = `function ${walker.name}(value: ${type}, demand: Set<Feature>): void {\n${body}}`;
		return walker.name;
	}

	#recordBody(def: RecordDef): string {
		return def.fields.map((field) => this.#fieldStatements(field)).join("");
	}

	#fieldStatements(field: Field): string {
		const value = `value.${snakeCase(field.name)}`;
		const own = featuresOf(field)
			.map((feature) => `demand.add(${JSON.stringify(feature)});`)
			.join(" ");
		const inner = field.type.kind === "option" ? field.type.some : field.type;
		const present = isOptionalField(field) ? `${value} !== undefined` : undefined;
		const demanded = demandCondition(inner, value, present);
		const ownStatement = own === "" ? "" : ifStatement(demanded, own);
		const walk = this.#walkStatement(inner, value, 0);
		const walkStatement = walk === undefined ? "" : ifStatement(present, walk);
		return ownStatement + walkStatement;
	}

	#variantBody(def: VariantDef): string {
		const cases = def.cases.flatMap((item) => {
			const name = snakeCase(item.name);
			const own = featuresOf(item).map((feature) => `\t\t\tdemand.add(${JSON.stringify(feature)});\n`);
			const walk = item.type === undefined ? undefined : this.#walkStatement(item.type, `value.${name}`, 0);
			if (own.length === 0 && walk === undefined) return [];
			return [`\t\tcase ${JSON.stringify(name)}:\n${own.join("")}${walk === undefined ? "" : `\t\t\t${walk}\n`}\t\t\tbreak;\n`];
		});
		return `\tswitch (value.type) {\n${cases.join("")}\t}\n`;
	}

	/** A statement that walks a value of the type, or undefined when there is nothing to find in it. `depth` names loop variables. */
	#walkStatement(type: TypeRef, value: string, depth: number): string | undefined {
		if (!reachesFeatureFrom(type)) return undefined;
		const item = depth === 0 ? "item" : `item${depth}`;
		switch (type.kind) {
			case "named": {
				const { def } = type;
				if (def.kind === "alias") return this.#walkStatement(def.type, value, depth);
				return def.kind === "record" || def.kind === "variant" ? `${this.#walker(def)}(${value}, demand);` : undefined;
			}
			case "list":
				return `for (const ${item} of ${value}) ${this.#walkStatement(type.element, item, depth + 1)}`;
			case "map":
				return `for (const ${item} of Object.values(${value})) ${this.#walkStatement(type.value, item, depth + 1)}`;
			case "option":
				return `if (${value} !== null) ${this.#walkStatement(type.some, isNestedOption(type) ? `${value}.some` : value, depth)}`;
			case "tuple":
				return block(type.items.map((each, index) => this.#walkStatement(each, `${value}[${index}]`, depth)));
			case "result": {
				const ok = type.ok && this.#walkStatement(type.ok, `${value}.ok`, depth);
				const err = type.err && this.#walkStatement(type.err, `${value}.err`, depth);
				return block([ok && `if ("ok" in ${value}) ${ok}`, err && `if ("err" in ${value}) ${err}`]);
			}
			default:
				return undefined;
		}
	}
}

const COLLECT = `function collect<T>(payload: T, walk: (value: T, demand: Set<Feature>) => void): Set<Feature> {
	const demand = new Set<Feature>();
	walk(payload, demand);
	return demand;
}`;

function block(statements: readonly (string | undefined)[]): string {
	return `{ ${statements.filter((each) => each !== undefined).join(" ")} }`;
}

/** The condition for a field's own feature: a list that is not empty, a bool that is true, any other value that is present. */
function demandCondition(inner: TypeRef, value: string, present: string | undefined): string | undefined {
	const target = withoutAliases(inner);
	const isBool = target.kind === "primitive" && target.name === "bool";
	const isList = target.kind === "list" || (target.kind === "named" && target.def.kind === "flags");
	if (isBool) return present === undefined ? value : `${value} === true`;
	if (isList) return present === undefined ? `${value}.length > 0` : `${value} !== undefined && ${value}.length > 0`;
	return present;
}

function ifStatement(condition: string | undefined, statement: string): string {
	return `${tabs(1)}${condition === undefined ? "" : `if (${condition}) `}${statement}\n`;
}

function reachesFeatureFrom(type: TypeRef): boolean {
	return (type.kind === "named" && reachesFeature(type.def)) || childTypes(type).some(reachesFeatureFrom);
}

/** True if a `@feature` tag can be reached from the type; walks each type once, so recursion ends. */
function reachesFeature(root: DataDef): boolean {
	const seen = new Set<DataDef>();
	const pending: DataDef[] = [root];
	const addFrom = (type: TypeRef): void => {
		if (type.kind === "named") pending.push(type.def);
		for (const child of childTypes(type)) addFrom(child);
	};
	for (let def = pending.pop(); def !== undefined; def = pending.pop()) {
		if (seen.has(def)) continue;
		seen.add(def);
		if (def.kind === "alias") addFrom(def.type);
		const members = def.kind === "record" ? def.fields : def.kind === "variant" ? def.cases : [];
		if (members.some((member) => featuresOf(member).length > 0)) return true;
		for (const member of members) if (member.type !== undefined) addFrom(member.type);
	}
	return false;
}
