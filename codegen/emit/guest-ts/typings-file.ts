/** `guest/<world>/<engine>.d.ts` */
import type { Func, ResourceDef, Use } from "../../model/model.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { safeIdentifier, signatureName } from "../../model/names/reserved.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { resourceClass, typeName } from "../../model/names/type-names.ts";
import { shortName } from "../../model/units/export-members.ts";
import { fullName, type Unit, unitAlias } from "../../model/units/unit.ts";
import { severalVersions, type WorldUnits } from "../../model/units/world-units.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { functionDoc, guestDefinition, guestFunction, parameters, returned } from "../kit/guest-types/definition.ts";
import type { GuestEngine } from "../kit/guest-types/type-text.ts";
import { generalHeader } from "../kit/header.ts";
import { delimited, tabs } from "../kit/layout.ts";
import { UnitScope, worldModule } from "./guest-scope.ts";

const ENGINE_NOTES: Readonly<Record<GuestEngine, string>> = {
	quickjs:
		"- Integers of 64 bits are numbers. Lists of bytes are `Uint8Array`, and other lists of numbers come as arrays. An absent option comes as `null`.\n" +
		'- A function that a world imports outside interfaces is a global function: declare it by `declare const now: typeof import("now").default;`.',
	starlingmonkey:
		"- Integers of 64 bits are of type `bigint`. Lists of numbers are typed arrays. An absent option comes as `undefined`.\n" +
		"- A function that a world imports outside interfaces is the default export of a module of its name.",
};

const BUILT_WITH: Readonly<Record<GuestEngine, string>> = {
	quickjs: "QuickJS (componentize-qjs)",
	starlingmonkey: "StarlingMonkey (componentize-js)",
};

export function typingsFile(units: WorldUnits, engine: GuestEngine): string {
	const several = [...severalVersions(units.imports)].length;
	const modules = [
		...units.imports.filter(hasContent).map((unit) => importedModule(unit, units, engine)),
		...units.rootImports.functions.map((func) => functionModule(func, units, engine)),
		worldText(units, engine),
	];
	const doc = docComment(
		`World \`${worldModule(units)}\` as a guest sees it that is built with ${BUILT_WITH[engine]}.\n\n` +
			"- A function with a result returns its value, or throws an object whose `payload` is the error.\n" +
			"- What a guest exports fails by throwing its error, or an object with the error as `payload`.\n" +
			ENGINE_NOTES[engine] +
			`\n- \`Exports\` of the module \`${worldModule(units)}\` is the type of the guest's own module: \`guest satisfies Exports\`.` +
			(several > 0 ? "\n- Some interfaces are there in several versions, each in a module of its own." : ""),
	);
	return [generalHeader([units.world]), `${doc}\n/// <reference lib="esnext.disposable" />\n`, ...modules].join("\n");
}

function hasContent({ types, functions }: Unit): boolean {
	return types.length + functions.length > 0;
}

function moduleText(name: string, doc: string, body: string): string {
	return `${docComment(doc)}declare module ${JSON.stringify(name)} {\n${body.trimEnd()}\n}\n`;
}

function importedModule(unit: Unit, units: WorldUnits, engine: GuestEngine): string {
	const scope = new UnitScope(unit, units, engine);
	const types = unit.types.map((def) => guestDefinition(def, units.directionOf(def), scope));
	const uses = usedTypes(unit.uses, new NameScope(unit.types.map(typeName)), scope);
	const functions = unit.functions.map((func) => guestFunction(func, scope));
	const body = [...types, ...uses, ...functions].join("\n");
	return moduleText(fullName(unit), docText({ docs: unit.docs }), scope.imports() + body);
}

/** Types of other interfaces under the names by which an interface or a world uses them. */
function usedTypes(uses: readonly Use[], names: NameScope, scope: UnitScope): string[] {
	return uses.flatMap(({ name, target }) => {
		const type = typeName({ name });
		return names.take(type) === type ? [`\texport type ${type} = ${scope.named(target)};\n`] : [];
	});
}

/** A function outside interfaces. */
function functionModule(func: Func, units: WorldUnits, engine: GuestEngine): string {
	const scope = new UnitScope({ ...units.rootImports, types: [] }, units, engine);
	const head = `\texport default function ${safeIdentifier(camelCase(func.name))}(`;
	const body = `${functionDoc(func, 1, scope)}${delimited(head, parameters(func, "sent", scope), `): ${returned(func, "received", scope)};`, 1)}\n`;
	return moduleText(func.name, "", scope.imports() + body);
}

/** The module of the world: its own types, those of exported interfaces as namespaces, and the type of what the guest exports. */
function worldText(units: WorldUnits, engine: GuestEngine): string {
	const { world, rootImports, rootExports } = units;
	const used = new Set<Unit>();
	const scope = new UnitScope(rootImports, units, engine, used);
	const names = new NameScope(world.types.map(typeName));
	const types = world.types.map((def) => guestDefinition(def, units.directionOf(def), scope));
	const uses = usedTypes(world.uses, names, scope);
	const namespaces = units.exports
		.filter(hasContent)
		.map((unit) => exportedNamespace(unit, units, new UnitScope(unit, units, engine, used)));
	const members = units.exports
		.filter(isImplemented)
		.map(
			(unit) =>
				`${docComment(docText({ docs: unit.docs }), 2)}\t\treadonly ${memberOf(unit, units)}: ${unitAlias(unit)}.${implementationName(unit)};\n`,
		);
	const functions = rootExports.functions.map((func) =>
		implemented(func, camelCase(func.name), new UnitScope(rootExports, units, engine, used), 2),
	);
	const doc = docComment("What the guest exports.", 1);
	const exports = `${doc}\texport interface ${names.take("Exports")} {\n${[...members, ...functions].join("")}\t}\n`;
	const body = [...types, ...uses, ...namespaces, exports].join("\n");
	return moduleText(worldModule(units), docText(world), scope.imports() + body);
}

/** The export that holds an interface. Two interfaces of one name have their full names. */
function memberOf(unit: Unit, units: WorldUnits): string {
	const name = shortName(unit);
	const isUnique = units.exports.filter((each) => shortName(each) === name).length === 1;
	return isUnique ? name : JSON.stringify(fullName(unit));
}

function isImplemented({ functions, types }: Unit): boolean {
	return functions.length > 0 || types.some((def) => def.kind === "resource");
}

function implementationName({ types }: Unit): string {
	return new NameScope(types.map(typeName)).take("Exports");
}

function exportedNamespace(unit: Unit, units: WorldUnits, scope: UnitScope): string {
	const names = new NameScope([...unit.types.map(typeName), implementationName(unit)]);
	const classes = new Map(
		unit.types.flatMap((def) => (def.kind === "resource" ? [[def, names.take(`${typeName(def)}Class`)] as const] : [])),
	);
	const declarations = unit.types.map((def) => {
		const className = def.kind === "resource" ? classes.get(def) : undefined;
		if (def.kind === "resource" && className !== undefined) return implementedResource(def, className, scope);
		return guestDefinition(def, units.directionOf(def), scope);
	});
	const members = [
		...[...classes].map(([def, name]) => `\t\treadonly ${resourceClass(def)}: ${name};\n`),
		...unit.functions.map((func) => implemented(func, camelCase(func.name), scope, 2)),
	];
	const implementation = members.length === 0 ? [] : [`\texport interface ${implementationName(unit)} {\n${members.join("")}\t}\n`];
	const body = [...declarations, ...implementation].join("\n").replace(/^(?=.)/gm, "\t");
	return `${docComment(`Types of \`${fullName(unit)}\`, which the guest implements.`, 1)}\texport namespace ${unitAlias(unit)} {\n${body}\t}\n`;
}

/** A function that the guest implements, as a member. */
function implemented(func: Func, name: string, scope: UnitScope, depth: number): string {
	const err = func.result?.kind === "result" ? func.result.err : undefined;
	const throws = err === undefined ? "" : "@throws the error itself, or an object with one as its `payload`";
	const doc = docComment([docText(func), throws].filter((part) => part !== "").join("\n\n"), depth);
	return `${doc}${tabs(depth)}${delimited(`${signatureName(name)}(`, parameters(func, "received", scope), `): ${returned(func, "sent", scope)};`, depth)}\n`;
}

/** A resource that the guest implements: the type of its objects, and that of the class. */
function implementedResource(def: ResourceDef, className: string, scope: UnitScope): string {
	const name = typeName(def);
	const ofKind = (kind: Func["kind"]): string[] =>
		def.functions.filter((func) => func.kind === kind).map((func) => implemented(func, camelCase(func.name), scope, 2));
	const opening = def.constructorFunc;
	const first = opening === undefined ? [] : [`\t\t${delimited("new (", parameters(opening, "received", scope), `): ${name};`, 2)}\n`];
	return (
		`${docComment(docText(def), 1)}\texport interface ${name} {\n${ofKind("method").join("")}\t}\n\n` +
		`\texport interface ${className} {\n${[...first, `\t\treadonly prototype: ${name};\n`, ...ofKind("static")].join("")}\t}\n`
	);
}
