/** Resolves an interface: its types, functions and uses, in the order they are written, without those that inactive features hide. */
import type { Func, Interface, TypeDef, Use } from "../model/model.ts";
import { readDocs } from "./docs.ts";
import { NameSpace } from "./name-space.ts";
import { resolveFunction } from "./resolve-function.ts";
import { checkInnerGates, resolveGates } from "./resolve-gates.ts";
import { resolveInterfacePath } from "./resolve-path.ts";
import type { OpenResource, TypeResolver } from "./resolve-types.ts";
import type { ResourceFuncNode, ResourceNode } from "./syntax.ts";
import type { TypeUser } from "./type-lookup.ts";
import { gatesOf } from "./type-scope.ts";
import type { InterfaceUnit, TypeScope } from "./units.ts";

/** Resolves the whole unit, what is hidden too: a fault is a fault before the feature is switched on. */
export function resolveInterface(resolver: TypeResolver, unit: InterfaceUnit): Interface {
	if (unit.model !== undefined) {
		return unit.model;
	}
	const { file } = unit.types;
	const { types, uses } = resolveTypes(resolver, unit.types);
	const functions: Func[] = [];
	for (const item of unit.items) {
		const verdict = gatesOf(unit.types, item);
		if (item.kind !== "use") {
			checkInnerGates(resolver.context, file, verdict.gates, unit.gates, item.name);
		}
		if (item.kind === "use") {
			const target = resolveInterfacePath(resolver.context, file, item.path, false);
			if (target !== undefined && !unit.uses.has(target)) {
				unit.uses.set(target, item);
			}
		} else if (item.kind === "function") {
			const head = { kind: "freestanding", name: item.name, docs: item.docs, gates: verdict.gates } as const;
			const func = resolveFunction(resolver, { types: unit.types, active: verdict.active }, head, item.type);
			if (verdict.active) {
				functions.push(func);
			}
		}
	}
	unit.model = {
		name: unit.name.text,
		docs: readDocs(file.file.source, unit.docs),
		gates: unit.gates,
		span: resolver.context.span(file, unit.name),
		package: file.package.id,
		types,
		functions,
		uses,
	};
	return unit.model;
}

/** Resolves every type of a body, functions of resources included. */
export function resolveTypes(resolver: TypeResolver, scope: TypeScope): { types: TypeDef[]; uses: Use[] } {
	const types: TypeDef[] = [];
	const uses: Use[] = [];
	for (const entry of scope.entries.values()) {
		const def = resolver.resolve(scope, entry);
		if (def === undefined || !entry.active) {
			continue;
		}
		if (entry.kind === "use") {
			const span = resolver.context.span(scope.file, entry.name);
			uses.push({ name: entry.name.text, target: def, span });
		} else {
			types.push(def);
		}
	}
	for (const entry of scope.entries.values()) {
		const resource = resolver.openResources.get(entry);
		if (resource !== undefined && entry.kind === "local" && entry.node.kind === "resource") {
			resolver.openResources.delete(entry);
			resolveResource(resolver, { types: scope, active: entry.active }, entry.node, resource);
		}
	}
	return { types, uses };
}

function resolveResource(resolver: TypeResolver, user: TypeUser, node: ResourceNode, resource: OpenResource): void {
	const { file } = user.types;
	// A method may be called `%constructor` beside the constructor, which has no name of its own.
	const where = `in resource \`${node.name.text}\``;
	const names = new NameSpace(resolver.context, where);
	const constructors = new NameSpace(resolver.context, where);
	const functions: Func[] = [];
	for (const each of node.functions) {
		const verdict = resolveGates(resolver.context, file, each.gates);
		const active = user.active && verdict.active;
		checkInnerGates(resolver.context, file, verdict.gates, resource.gates, each.name);
		checkFunctionName(resolver, user, each.kind === "constructor" ? constructors : names, node, each);
		const head = { kind: each.kind, name: each.name, docs: each.docs, gates: verdict.gates, resource };
		const func = resolveFunction(resolver, { types: user.types, active }, head, each.type);
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

function checkFunctionName(resolver: TypeResolver, user: TypeUser, names: NameSpace, node: ResourceNode, func: ResourceFuncNode): void {
	const { file } = user.types;
	names.declare(file, func.name);
	if (func.kind !== "constructor" && func.name.text.toLowerCase() === node.name.text.toLowerCase()) {
		const message = `\`${func.name.text}\` has the name of its resource`;
		resolver.context.error("duplicate-name", file, func.name, message, {
			help: "bindings keep that name for the resource itself: choose another",
		});
	}
}
