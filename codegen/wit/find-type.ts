/** Finds the declaration under a name, through any number of `use`. */
import { didYouMean } from "../diagnostics/suggest.ts";
import { withArticle } from "../diagnostics/words.ts";
import type { PrimitiveName } from "../model/model.ts";
import type { Context } from "./context.ts";
import { reportInactive, resolveInterfacePath } from "./resolve-path.ts";
import type { Name } from "./syntax.ts";
import type { ResourceDraft } from "./type-draft.ts";
import type { InterfaceUnit, LocalType, TypeEntry, TypeScope, UsedType } from "./units.ts";

/** The place that names a type. */
export interface TypeUser {
	readonly types: TypeScope;
	/** False for an item that a feature gate hides. Such an item may refer to other hidden ones. */
	readonly active: boolean;
}

export const PRIMITIVES: ReadonlyMap<string, PrimitiveName> = new Map(
	(["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string", "error-context"] as const).map((name) => [
		name,
		name,
	]),
);

/** Reports a name that is unknown, hidden or no type's. */
export function findType(context: Context, user: TypeUser, name: Name): LocalType | undefined {
	const entry = user.types.entries.get(name.text);
	if (entry === undefined) {
		reportUnknown(context, user, name);
		return undefined;
	}
	if (user.active && !entry.active) {
		reportInactive(context, user.types.file, name, `type \`${name.text}\``, featureOf(entry));
	}
	return declarationOf(context, user.types, entry);
}

/** The declaration that an entry of a scope leads to; undefined if it leads nowhere, which is then diagnosed. */
export function declarationOf(context: Context, scope: TypeScope, entry: TypeEntry): LocalType | undefined {
	const passed = new Set<UsedType>();
	let at: { readonly scope: TypeScope; readonly entry: TypeEntry } | undefined = { scope, entry };
	// A circle of uses is one of interfaces, which is reported as such.
	while (at?.entry.kind === "use" && at.entry.target === undefined && !passed.has(at.entry)) {
		passed.add(at.entry);
		at = followUse(context, at.scope, at.entry);
	}
	const found = at === undefined ? undefined : at.entry.kind === "local" ? at.entry : at.entry.target;
	for (const each of passed) {
		each.target = found ?? null;
	}
	return found ?? undefined;
}

/** The entry that a `use` names in the other interface. */
function followUse(context: Context, scope: TypeScope, entry: UsedType): { scope: TypeScope; entry: TypeEntry } | undefined {
	const unit = resolveInterfacePath(context, scope.file, entry.node.path, entry.active);
	if (unit === undefined) {
		return undefined;
	}
	const name = entry.rename.name;
	const target = unit.types.entries.get(name.text);
	if (target === undefined) {
		reportMissing(context, scope, unit, name);
		return undefined;
	}
	if (entry.active && unit.active && !target.active) {
		reportInactive(context, scope.file, name, `type \`${name.text}\``, featureOf(target));
	}
	return { scope: unit.types, entry: target };
}

/** The resource under a name, also through `type a = some-resource;`. */
export function findResource(context: Context, user: TypeUser, name: Name): ResourceDraft | undefined {
	const found = findType(context, user, name);
	const passed = new Set<LocalType>();
	let at = found;
	// `type a = own<r>` is a name for a handle, unlike `type a = r`, which renames the resource.
	while (at?.node.kind === "alias" && at.node.type.kind === "name" && !passed.has(at)) {
		passed.add(at);
		const entry = at.scope.entries.get(at.node.type.name.text);
		at = entry && declarationOf(context, at.scope, entry);
	}
	if (at?.def.kind === "resource") {
		return at.def;
	}
	if (found !== undefined && at !== undefined) {
		context.error("not-a-resource", user.types.file, name, `\`${name.text}\` is not a resource but ${withArticle(found.def.kind)}`, {
			help: "only resources have handles; name other types without `own` or `borrow`",
			related: [{ message: "declared here", span: found.def.span }],
		});
	}
	return undefined;
}

function featureOf(entry: TypeEntry): string | undefined {
	return entry.kind === "local" ? entry.gates.unstable?.feature : undefined;
}

function reportUnknown(context: Context, { types }: TypeUser, name: Name): void {
	const { file, functions, label } = types;
	if (context.diagnostics.isFull) {
		context.diagnostics.leaveOut("error", context.span(file, name));
		return;
	}
	const func = functions.get(name.text);
	const item = file.package.items.get(name.text);
	if (func !== undefined) {
		context.error("not-a-type", file, name, `\`${name.text}\` is a function of ${label}, not a type`, {
			related: [{ message: "declared here", span: context.span(file, func) }],
		});
	} else if (item !== undefined) {
		context.error("not-a-type", file, name, `\`${name.text}\` is ${withArticle(item.kind)}, not a type`, {
			help: item.kind === "interface" ? `bring its types in with \`use ${name.text}.{…};\`` : undefined,
			related: [{ message: "declared here", span: context.span(item.scope, item.name) }],
		});
	} else {
		const known = [...types.entries.keys(), ...PRIMITIVES.keys(), ...CONSTRUCTORS];
		const help = SPELLINGS.get(name.text) ?? didYouMean(name.text, known);
		context.unknown("unknown-type", file, name, `no type \`${name.text}\` in ${label}`, help);
	}
}

function reportMissing(context: Context, scope: TypeScope, unit: InterfaceUnit, name: Name): void {
	const where = `interface \`${unit.name.text}\``;
	const func = unit.types.functions.get(name.text);
	if (func === undefined) {
		const help = didYouMean(name.text, unit.types.entries.keys());
		context.unknown("unknown-type", scope.file, name, `${where} has no type \`${name.text}\``, help);
		return;
	}
	context.error("not-a-type", scope.file, name, `\`${name.text}\` is a function of ${where}; only types can be used`, {
		related: [{ message: "declared here", span: context.span(unit.scope, func) }],
	});
}

const CONSTRUCTORS = ["list", "option", "result", "tuple", "map", "own", "borrow", "stream", "future"];

/** Names of the primitive types in other languages. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
	Object.entries({
		int: "s32",
		i8: "s8",
		i16: "s16",
		i32: "s32",
		i64: "s64",
		uint: "u32",
		byte: "u8",
		float: "f32",
		float32: "f32",
		float64: "f64",
		double: "f64",
		boolean: "bool",
		str: "string",
		bytes: "list<u8>",
		vec: "list",
		array: "list",
		optional: "option",
	}).map(([other, ours]) => [other, `WIT calls it \`${ours}\``]),
);
