/** Functions: parameters, results, and what may not stand where. */
import { references, withArguments } from "../model/build-abi.ts";
import type { Func, Gates, Param, ResourceDef, TypeDef, TypeRef } from "../model/model.ts";
import type { Context } from "./context.ts";
import { readDocs } from "./docs.ts";
import type { TypeUser } from "./find-type.ts";
import { NameSpace } from "./name-space.ts";
import { resolveTypeExpr } from "./resolve-type-expr.ts";
import type { FuncType, Name, Range, TypeExpr } from "./syntax.ts";
import { checkDepth } from "./type-depth.ts";
import { isUnknownType } from "./unknown-type.ts";

/** The parts of a function apart from its type. */
export interface FuncHead {
	readonly kind: Func["kind"];
	readonly name: Name;
	readonly docs: readonly Range[];
	readonly gates: Gates;
	readonly resource?: ResourceDef;
}

export function resolveFunction(context: Context, user: TypeUser, head: FuncHead, type: FuncType): Func {
	const { file } = user.types;
	const params = resolveParams(context, user, head, type);
	const result = type.result && resolveTypeExpr(context, user, type.result);
	if (head.kind === "constructor" && head.resource && type.result && result && !isUnknownType(result)) {
		checkConstructorResult(context, user, type.result, result, head.resource);
	}
	if (type.result !== undefined && result !== undefined) {
		checkDepth(context, file, type.result, result);
	}
	if (type.result !== undefined && result !== undefined && containsBorrow(result)) {
		context.error("borrow-in-result", file, type.result, `the result of \`${head.name.text}\` contains a borrowed handle`, {
			help: "a borrow lasts only for the call: return an owned handle, or data instead",
		});
	}
	return {
		kind: head.kind,
		name: head.name.text,
		docs: readDocs(file.file.source, head.docs),
		gates: head.gates,
		span: context.span(file, head.name),
		async: type.async,
		params,
		...(result === undefined ? {} : { result }),
		...(head.resource === undefined ? {} : { resource: head.resource }),
	};
}

function resolveParams(context: Context, user: TypeUser, head: FuncHead, type: FuncType): Param[] {
	const { file } = user.types;
	const names = new NameSpace(context, `in the parameters of \`${head.name.text}\``);
	return type.params.map((param) => {
		names.declare(file, param.name);
		if (head.kind === "method" && param.name.text.toLowerCase() === "self") {
			context.error("duplicate-name", file, param.name, "every method has a parameter `self` already", {
				help: "give this parameter another name",
			});
		}
		const span = context.span(file, param.name);
		const resolved = resolveTypeExpr(context, user, param.type);
		checkDepth(context, file, param.type, resolved);
		return { name: param.name.text, type: resolved, span };
	});
}

/** A constructor returns its resource, which is not written, or a result of it. */
function checkConstructorResult(context: Context, user: TypeUser, expr: TypeExpr, result: TypeRef, resource: ResourceDef): void {
	let type = result;
	const passed = new Set<TypeDef>();
	while (type.kind === "named" && type.def.kind === "alias" && !passed.has(type.def)) {
		passed.add(type.def);
		type = type.def.type;
	}
	const ok = type.kind === "result" ? type.ok : undefined;
	if (ok?.kind === "handle" && ok.mode === "own" && ok.def === resource) {
		return;
	}
	const form = `\`-> result<${resource.name}, …>\``;
	const message = `a constructor of \`${resource.name}\` can only return ${form}`;
	context.error("constructor-result", user.types.file, expr, message, {
		help: "leave the result out if construction cannot fail, or make this a static function",
	});
}

/** Definitions that were looked through, and whether a value of them carries a borrowed handle. */
const knownDefs = new WeakMap<TypeDef, boolean>();

/** True if a value of the type carries a borrowed handle, at any depth. All definitions must have their parts. */
export function containsBorrow(type: TypeRef): boolean {
	const looked = new Set<TypeDef>();
	const open = withArguments(type);
	let found = false;
	for (let each = open.pop(); each !== undefined && !found; each = open.pop()) {
		if (each.kind === "handle") {
			found = each.mode === "borrow";
		} else if (each.kind === "named" && !looked.has(each.def)) {
			const known = knownDefs.get(each.def);
			looked.add(each.def);
			if (known === undefined) {
				open.push(...references(each.def));
			} else {
				found = known;
			}
		}
	}
	// If nothing was found, no definition on the way has one.
	if (!found) {
		for (const def of looked) {
			knownDefs.set(def, false);
		}
	}
	return found;
}
