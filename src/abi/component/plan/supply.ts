import { malformed } from "../../binary/byte-reader.ts";
import type { Extern } from "../binary/definition.ts";
import type { AnyType, DeclaredType, Item, ItemScope } from "./item.ts";
import type { FunctionNode } from "./type-node.ts";

/** Item that a declaration asks for, with its types resolved. */
export type Wanted =
	| { readonly sort: "function"; readonly type: FunctionNode }
	| { readonly sort: "type"; readonly equals: AnyType }
	| { readonly sort: "resource" }
	| { readonly sort: "instance"; readonly type: DeclaredType }
	| { readonly sort: "component"; readonly type: DeclaredType }
	| { readonly sort: "core module" };

/** Returns the item of a name that a declaration asks for: the host's, or that of another instance. */
export type Supply = (name: string, wanted: Wanted, at: number) => Item;

/** Resolves the declared type of an import or export in its scope. */
export function wantedBy(extern: Extern, scope: ItemScope, at: number): Wanted {
	if (extern.kind === "resource") return { sort: "resource" };
	if (extern.kind === "core module") {
		if (scope.get("core type", extern.type, at).form !== "module")
			throw malformed(`core type ${extern.type}, which the declaration at byte ${at} uses as a module type, is none`);
		return { sort: "core module" };
	}
	const { type } = scope.get("type", extern.type, at);
	if (extern.kind === "type") return { sort: "type", equals: type };
	if (extern.kind === "function" && type.kind === "function") return { sort: "function", type };
	if (extern.kind === "instance" && type.kind === "instance type") return { sort: "instance", type };
	if (extern.kind === "component" && type.kind === "component type") return { sort: "component", type };
	throw malformed(`type ${extern.type}, which the declaration at byte ${at} uses as that of a ${extern.kind}, is none`);
}
