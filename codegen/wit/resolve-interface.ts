/** Resolves an interface: its types, functions and uses, in the order they are written, without those that inactive features hide. */
import type { Func, Interface, TypeDef, Use } from "../model/model.ts";
import type { Context } from "./context.ts";
import { readDocs } from "./docs.ts";
import { declarationOf, type TypeUser } from "./find-type.ts";
import { NameSpace } from "./name-space.ts";
import { resolveFunction } from "./resolve-function.ts";
import { checkInnerGates, resolveGates } from "./resolve-gates.ts";
import { resolveUse } from "./resolve-path.ts";
import type { ResourceFuncNode, ResourceNode } from "./syntax.ts";
import type { ResourceDraft } from "./type-draft.ts";
import { gatesOf } from "./type-scope.ts";
import type { InterfaceUnit, TypeScope } from "./units.ts";

/**
 * Resolves the whole unit, what is hidden too: a fault is a fault before the feature is switched on. All types of all packages must have
 * their parts.
 */
export function resolveInterface(context: Context, unit: InterfaceUnit): Interface {
	if (unit.model !== undefined) {
		return unit.model;
	}
	const { file } = unit.types;
	const { types, uses } = typesOf(context, unit.types);
	const functions: Func[] = [];
	for (const item of unit.items) {
		const verdict = gatesOf(unit.types, item);
		if (item.kind === "use") {
			const target = resolveUse(context, file, item, false);
			if (target !== undefined && !unit.uses.has(target)) {
				unit.uses.set(target, item);
			}
		} else if (item.kind === "function") {
			const head = { kind: "freestanding", name: item.name, docs: item.docs, gates: verdict.gates } as const;
			const func = resolveFunction(context, { types: unit.types, active: verdict.active }, head, item.type);
			if (verdict.active) {
				functions.push(func);
			}
		}
	}
	unit.model = {
		name: unit.name.text,
		docs: readDocs(file.file.source, unit.docs),
		gates: unit.gates,
		span: context.span(file, unit.name),
		package: file.package.id,
		types,
		functions,
		uses,
	};
	return unit.model;
}

/** The types that a body declares and uses. Resolves the functions of its resources. */
export function typesOf(context: Context, scope: TypeScope): { types: TypeDef[]; uses: Use[] } {
	const types: TypeDef[] = [];
	const uses: Use[] = [];
	for (const entry of scope.entries.values()) {
		if (entry.kind === "local") {
			if (entry.node.kind === "resource" && entry.def.kind === "resource") {
				resolveResource(context, { types: scope, active: entry.active }, entry.node, entry.def);
			}
			if (entry.active) {
				types.push(entry.def);
			}
			continue;
		}
		const target = declarationOf(context, scope, entry)?.def;
		if (target !== undefined && entry.active) {
			uses.push({ name: entry.name.text, target, span: context.span(scope.file, entry.name) });
		}
	}
	return { types, uses };
}

function resolveResource(context: Context, user: TypeUser, node: ResourceNode, resource: ResourceDraft): void {
	const { file } = user.types;
	// A method may be called `%constructor` beside the constructor, which has no name of its own.
	const where = `resource \`${node.name.text}\``;
	const names = new NameSpace(context, `in ${where}`);
	const constructors = new NameSpace(context, `in ${where}`);
	const functions: Func[] = [];
	for (const each of node.functions) {
		const verdict = resolveGates(context, file, each.gates);
		const active = user.active && verdict.active;
		checkInnerGates(context, file, { name: each.name, isType: true, gates: verdict.gates }, { label: where, gates: resource.gates });
		checkFunctionName(context, user, each.kind === "constructor" ? constructors : names, node, each);
		const head = { kind: each.kind, name: each.name, docs: each.docs, gates: verdict.gates, resource };
		const func = resolveFunction(context, { types: user.types, active }, head, each.type);
		if (!active) {
			continue;
		}
		if (each.kind === "constructor") {
			resource.constructorFunc ??= func;
		} else {
			functions.push(func);
		}
	}
	resource.functions = functions;
}

function checkFunctionName(context: Context, user: TypeUser, names: NameSpace, node: ResourceNode, func: ResourceFuncNode): void {
	const { file } = user.types;
	names.declare(file, func.name);
	if (func.kind !== "constructor" && func.name.text.toLowerCase() === node.name.text.toLowerCase()) {
		const message = `\`${func.name.text}\` has the name of its resource`;
		context.error("duplicate-name", file, func.name, message, {
			help: "bindings keep that name for the resource itself: choose another",
		});
	}
}
