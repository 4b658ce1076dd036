/**
 * The signature of every item the main package offers: what `abi.lock.json` records. Docs and gates are left out, since
 * no guest breaks when they change; so are `@unstable` items, which promise nothing.
 */
import { type Abi, constraintsOf, jsonKind } from "../model/abi.ts";
import type { Field, Func, Interface, Item, Member, PackageId, Span, TypeDef, TypeRef, World, WorldItem } from "../model/model.ts";
import { functionText, typeText } from "./type-text.ts";

export type LockKind =
	| "package"
	| "interface"
	| "operation"
	| "feature"
	| "record"
	| "variant"
	| "enum"
	| "flags"
	| "alias"
	| "resource"
	| "func"
	| "limits"
	| "world";

/** A line for an item that changes as a whole, an ordered list for an item with parts. */
export interface LockItem {
	readonly kind: LockKind;
	readonly shape: string | readonly string[];
}

/** A lock item of the current WIT, with the places its findings point to. */
export interface SignedItem extends LockItem {
	readonly span: Span;
	/** Of each entry of a list shape. */
	readonly partSpans?: readonly Span[];
}

/** Keys: `cchat`, `cchat.request`, `cchat.session.send`, `operation emb`, `feature supports_tools`, `world agent`. */
export function signatures(abi: Abi): Map<string, SignedItem> {
	const items = new Map<string, SignedItem>();
	const { main } = abi.model;
	for (const iface of main.interfaces) if (isStable(iface)) addInterface(items, iface, main.id);
	for (const world of main.worlds) if (isStable(world)) addWorld(items, world, main.id);
	for (const family of abi.families) {
		const parts = [
			`interface: ${family.name}`,
			`payload: ${family.payload.name}`,
			`result: ${family.result.name}`,
			...(family.event === undefined ? [] : [`event: ${family.event.name}`]),
			...family.transports.map((name) => `transport: ${name}`),
		];
		const { span } = family.interface;
		items.set(`operation ${family.operation}`, { kind: "operation", shape: parts, span, partSpans: parts.map(() => span) });
	}
	const anywhere = main.interfaces[0]?.span;
	for (const name of abi.features) {
		const span = featureSpan(abi, name) ?? anywhere;
		if (span !== undefined) items.set(`feature ${name}`, { kind: "feature", shape: "", span });
	}
	return items;
}

export function packageName(id: PackageId): string {
	return `${id.namespace}:${id.name}`;
}

function isStable(item: Pick<Item, "gates">): boolean {
	return item.gates.unstable === undefined;
}

function addInterface(items: Map<string, SignedItem>, iface: Interface, main: PackageId): void {
	items.set(iface.name, { kind: "interface", shape: "", span: iface.span });
	for (const def of iface.types) if (isStable(def)) addType(items, iface.name, def, main);
	for (const func of iface.functions) addFunction(items, iface.name, func, main);
}

function addFunction(items: Map<string, SignedItem>, owner: string, func: Func, main: PackageId): void {
	if (isStable(func))
		items.set(`${owner}.${func.kind === "constructor" ? "constructor" : func.name}`, {
			kind: "func",
			shape: functionText(func, main),
			span: func.span,
		});
}

function addType(items: Map<string, SignedItem>, owner: string, def: TypeDef, main: PackageId): void {
	const key = `${owner}.${def.name}`;
	const list = (kind: LockKind, members: readonly (Member & { readonly type?: TypeRef })[]): void => {
		const shape = members.map(({ name, type }) => (type === undefined ? name : `${name}: ${typeText(type, main)}`));
		items.set(key, { kind, shape, span: def.span, partSpans: members.map((member) => member.span) });
	};
	switch (def.kind) {
		case "record":
			list("record", def.fields);
			for (const field of def.fields) addLimits(items, key, field);
			break;
		case "variant":
			list("variant", def.cases);
			break;
		case "enum":
			list("enum", def.cases);
			break;
		case "flags":
			list("flags", def.flags);
			break;
		case "alias": {
			const json = jsonKind(def);
			items.set(key, { kind: "alias", shape: `${typeText(def.type, main)}${json === undefined ? "" : `, @json ${json}`}`, span: def.span });
			break;
		}
		case "resource":
			items.set(key, { kind: "resource", shape: "", span: def.span });
			if (def.constructorFunc !== undefined) addFunction(items, key, def.constructorFunc, main);
			for (const func of def.functions) addFunction(items, key, func, main);
	}
}

function addLimits(items: Map<string, SignedItem>, record: string, field: Field): void {
	const limits = Object.entries(constraintsOf(field)).map(([name, value]) => `${name}: ${value}`);
	if (limits.length > 0)
		items.set(`${record}.${field.name}`, { kind: "limits", shape: limits, span: field.span, partSpans: limits.map(() => field.span) });
}

function addWorld(items: Map<string, SignedItem>, world: World, main: PackageId): void {
	const parts: string[] = [];
	for (const [direction, entries] of [
		["import", world.imports],
		["export", world.exports],
	] as const) {
		for (const entry of entries) {
			const text = worldItemText(entry, main);
			if (text !== undefined) parts.push(`${direction} ${text}`);
		}
	}
	parts.sort();
	items.set(`world ${world.name}`, { kind: "world", shape: parts, span: world.span, partSpans: parts.map(() => world.span) });
	for (const def of world.types) if (isStable(def)) addType(items, `world ${world.name}`, def, main);
}

/** An explicit import or export of a world; implied interfaces are left out. */
function worldItemText(entry: WorldItem, main: PackageId): string | undefined {
	if (entry.kind === "function") return isStable(entry.func) ? `${entry.func.name}: ${functionText(entry.func, main)}` : undefined;
	if (entry.implied || !isStable(entry)) return undefined;
	const id = entry.interface.package;
	if (entry.name !== undefined) return `${entry.name}: interface`;
	return packageName(id) === packageName(main)
		? entry.interface.name
		: `${packageName(id)}/${entry.interface.name}${id.version === undefined ? "" : `@${id.version}`}`;
}

function featureSpan(abi: Abi, name: string): Span | undefined {
	for (const iface of abi.model.main.interfaces) {
		for (const def of iface.types) {
			const members = def.kind === "record" ? def.fields : def.kind === "variant" ? def.cases : [];
			for (const member of members) {
				const tag = member.docs.tags.find((candidate) => candidate.name === "feature" && candidate.value === name);
				if (tag !== undefined) return tag.span;
			}
		}
	}
	return undefined;
}
