/** `types/<unit>.ts`: the types of one unit in WIT shape, and what implements its functions. */
import type { DataDef } from "../../model/carried/data-types.ts";
import { type WitScope, witType } from "../../model/carried/wit-type.ts";
import type { Func, ResourceDef, TypeDef, TypeRef } from "../../model/model.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { safeIdentifier, signatureName } from "../../model/names/reserved.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { resourceClass, typeName } from "../../model/names/type-names.ts";
import { fullName, ROOT, type Unit, unitAlias } from "../../model/units/unit.ts";
import type { WorldUnits } from "../../model/units/world-units.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { generalHeader } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { witDefinition } from "../kit/wit-shape/definition.ts";

/** Types as one file of a world refers to them. */
export class TypeScope implements WitScope {
	readonly imports: Imports;
	readonly allowsAsync = true;
	/** Namespace of a unit, imported where it is first asked for. */
	readonly #typesOf: (unit: Unit) => string | undefined;
	readonly #from: Unit;
	readonly #units: WorldUnits;

	/** @param typesOf the namespace of a unit; the default is that of a file in the same folder, and none for the unit itself */
	constructor(from: Unit, units: WorldUnits, imports = new Imports(), typesOf?: (unit: Unit) => string) {
		this.#from = from;
		this.#units = units;
		this.imports = imports;
		this.#typesOf = typesOf ?? ((unit) => (unit === from ? undefined : imports.typeNamespace(unitAlias(unit), `./${unit.file}.ts`)));
	}

	/** The same types, as another file refers to them. */
	renamed(imports: Imports, typesOf: (unit: Unit) => string): TypeScope {
		return new TypeScope(this.#from, this.#units, imports, typesOf);
	}

	named(def: DataDef): string {
		return this.#name(def);
	}

	handle(def: ResourceDef): string {
		return this.#name(def);
	}

	#name(def: TypeDef): string {
		const owner = this.#units.ownerOf(def, this.#from) ?? this.#from;
		const name = typeName(def);
		const types = this.#typesOf(owner);
		return types === undefined ? name : `${types}.${name}`;
	}
}

export class TypesModule {
	readonly unit: Unit;
	readonly scope: TypeScope;
	/** Name of the type of what implements the functions and resources. */
	readonly implementation: string;
	readonly #classes: ReadonlyMap<ResourceDef, string>;

	constructor(unit: Unit, units: WorldUnits) {
		this.unit = unit;
		const names = new NameScope(unit.types.map(typeName));
		this.scope = new TypeScope(unit, units);
		this.implementation = names.take(unit.isExported ? "Exports" : "Implementation");
		this.#classes = new Map(this.resources.map((def) => [def, names.take(`${resourceClass(def)}Class`)]));
	}

	get resources(): ResourceDef[] {
		return this.unit.types.filter((def) => def.kind === "resource");
	}

	get isEmpty(): boolean {
		return this.unit.types.length + this.unit.functions.length === 0;
	}

	/** True if something implements the unit. */
	get isImplemented(): boolean {
		return this.unit.functions.length + this.resources.length > 0;
	}

	/** Name of the type of a resource's class. */
	classOf(def: ResourceDef): string {
		return this.#classes.get(def) ?? `${resourceClass(def)}Class`;
	}
}

export function typesFile(module: TypesModule): string {
	const { unit, scope } = module;
	const declarations = unit.types.flatMap((def) => (def.kind === "resource" ? resourceTexts(def, module) : [witDefinition(def, scope)]));
	const implementation = module.isImplemented && unit.id !== ROOT ? [implementationText(module)] : [];
	const body = [...declarations, ...implementation].join("\n");
	return [generalHeader([unit]), scope.imports.toString(), body === "" ? "export {};\n" : body].filter((part) => part !== "").join("\n");
}

function implementationText(module: TypesModule): string {
	const { unit } = module;
	const doc = unit.isExported
		? `Exports of \`${fullName(unit)}\`, which the guest implements.`
		: `Functions and classes of \`${fullName(unit)}\`, as a host implements them.`;
	return `${docComment(doc)}export interface ${module.implementation} {\n${memberTexts(module).join("")}}\n`;
}

/** Classes, then functions, as members of an interface. */
function memberTexts(module: TypesModule): string[] {
	const classes = module.resources.map((def) => `\treadonly ${resourceClass(def)}: ${module.classOf(def)};\n`);
	return [...classes, ...module.unit.functions.map((func) => memberText(func, camelCase(func.name), module))];
}

/** A function as a member. A function of the host may be asynchronous, and a function of the guest always is. */
export function memberText(func: Func, name: string, { unit, scope }: Pick<TypesModule, "unit" | "scope">): string {
	return `${functionDoc(func, 1)}\t${delimited(`${signatureName(name)}(`, parameters(func, scope), `): ${answer(func, unit, scope)};`, 1)}\n`;
}

/** A resource: the type of its objects, and that of its class. */
function resourceTexts(def: ResourceDef, module: TypesModule): string[] {
	const { scope, unit } = module;
	const name = typeName(def);
	const methods = def.functions.filter((func) => func.kind === "method").map((func) => memberText(func, camelCase(func.name), module));
	const statics = def.functions.filter((func) => func.kind === "static").map((func) => memberText(func, camelCase(func.name), module));
	const dispose = unit.isExported
		? `${docComment("Destroys the resource. The object must not be used afterwards.", 1)}\t[Symbol.dispose](): void;\n`
		: `${docComment("Called when the guest drops its last handle.", 1)}\t[Symbol.dispose]?(): void;\n`;
	const opening = def.constructorFunc;
	const first =
		opening === undefined
			? `\treadonly prototype: ${name};\n`
			: `${functionDoc(opening, 1)}\t${delimited("new (", parameters(opening, scope), `): ${name};`, 1)}\n\treadonly prototype: ${name};\n`;
	return [
		`${docComment(docText(def))}export interface ${name} {\n${[...methods, dispose].join("")}}\n`,
		`${docComment(`Class of \`${def.name}\`.`)}export interface ${module.classOf(def)} {\n${[first, ...statics].join("")}}\n`,
	];
}

function parameters(func: Func, scope: WitScope): string[] {
	return func.params.map((param) => `${safeIdentifier(camelCase(param.name))}: ${witType(param.type, scope)}`);
}

function answer({ result }: Func, unit: Unit, scope: WitScope): string {
	const value = thrownOf(result) === undefined ? result : resultType(result)?.ok;
	const type = value === undefined ? "void" : witType(value, scope);
	if (unit.isExported) return `Promise<${type}>`;
	return `${type} | Promise<${type}>`;
}

/** Types in docs, which import nothing. */
const IN_DOCS: WitScope = { named: typeName, handle: typeName, allowsAsync: true };

function functionDoc(func: Func, depth: number): string {
	const err = thrownOf(func.result);
	const what = err === undefined || err === "none" ? "without a payload" : `whose \`payload\` is \`${witType(err, IN_DOCS)}\``;
	const throws = err === undefined ? "" : `@throws ComponentError ${what}`;
	return docComment([docText(func), throws].filter((part) => part !== "").join("\n\n"), depth);
}

/** The error of a function that throws. `none` for a result without an error value. Undefined for a function that does not throw. */
function thrownOf(type: TypeRef | undefined): TypeRef | "none" | undefined {
	const result = resultType(type);
	return result === undefined ? undefined : (result.err ?? "none");
}

function resultType(type: TypeRef | undefined): Extract<TypeRef, { kind: "result" }> | undefined {
	let current = type;
	while (current?.kind === "named" && current.def.kind === "alias") current = current.def.type;
	return current?.kind === "result" ? current : undefined;
}
