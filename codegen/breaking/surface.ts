/**
 * The surface of a package: all that others rely on, and nothing else. Documentation, gates and `@unstable` items are left out.
 * A surface is made of a model (`surface-of-model.ts`) or read from the lock (`lock-format.ts`), and two surfaces are compared.
 */
import type { Span } from "../model/model.ts";
import type { TypeNode } from "./type-node.ts";

/** An item with a place in the WIT. A surface read from a lock has no places. */
interface Located {
	readonly span?: Span;
}

export interface Surface {
	/** `spear:ai@0.1.0` */
	readonly id: string;
	/** Interfaces and worlds by key: those of the package, and interfaces of its dependencies that they lead to. */
	readonly scopes: ReadonlyMap<string, Scope>;
	/** By name. Empty for a package without `@operation`. */
	readonly operations: ReadonlyMap<string, Operation>;
}

/**
 * An interface or a world. Keys: `rank` for an interface of the package, `wasi:io/poll@0.2.0` for one of a dependency, `world agent`,
 * `world agent import b` for an inline interface.
 */
export interface Scope extends Located {
	readonly key: string;
	readonly kind: "interface" | "world";
	readonly types: ReadonlyMap<string, TypeDecl>;
	/** Names brought in by `use`, with the key of the type that each stands for. */
	readonly uses: ReadonlyMap<string, UseDecl>;
	/** Of an interface. Functions of resources are in their type, functions of a world in its ports. */
	readonly functions: ReadonlyMap<string, FuncDecl>;
	/** Imports and exports of a world by `import rank`, `export run`. */
	readonly ports: ReadonlyMap<string, Port>;
	/** Interfaces that a world imports only because something uses their types. A lock does not hold them: only the later side is asked. */
	readonly implied: ReadonlySet<string>;
}

export interface UseDecl extends Located {
	readonly name: string;
	readonly target: string;
}

export interface Port extends Located {
	/** `import rank` */
	readonly key: string;
	readonly direction: Direction;
	readonly name: string;
	readonly target: { readonly kind: "function"; readonly func: FuncDecl } | { readonly kind: "interface"; readonly scope: string };
}

/** From the view of a guest: the host implements an import, the guest implements an export. */
export type Direction = "import" | "export";

export const TYPE_KINDS = ["record", "variant", "enum", "flags", "alias", "resource"] as const;
export type TypeKind = (typeof TYPE_KINDS)[number];

export interface TypeDecl extends Located {
	/** `rank.request` */
	readonly key: string;
	readonly name: string;
	readonly kind: TypeKind;
	/** Fields, cases or flags in order. */
	readonly parts: readonly Part[];
	/** Of an alias. */
	readonly target?: TypeNode;
	/** Of a resource, its constructor included. */
	readonly functions: ReadonlyMap<string, FuncDecl>;
	/** Doc tags that change how the type is carried, e.g. `atomic`, `json any`, `stream event`; sorted. */
	readonly tags: readonly string[];
}

export interface Part extends Located {
	readonly name: string;
	readonly type?: TypeNode;
	/** Constraints by name, e.g. `maximum` → `2`. */
	readonly limits: ReadonlyMap<string, string>;
	/** Names of `@feature`, sorted. */
	readonly features: readonly string[];
}

export interface FuncDecl extends Located {
	/** `rank.event-stream.next` */
	readonly key: string;
	readonly name: string;
	readonly kind: "freestanding" | "method" | "static" | "constructor";
	readonly async: boolean;
	/** Tagged `@blocking`. */
	readonly blocking: boolean;
	readonly params: readonly { readonly name: string; readonly type: TypeNode }[];
	readonly result?: TypeNode;
}

export interface Operation extends Located {
	readonly name: string;
	/** `interface`, `payload`, `result`, `event`: keys. */
	readonly roles: ReadonlyMap<string, string>;
	readonly transports: readonly string[];
}

/** Types that a declaration is made of: its parts and what it stands for. Functions of a resource are no part of its structure. */
export function typesOf(decl: TypeDecl): TypeNode[] {
	return [...decl.parts.flatMap(({ type }) => type ?? []), ...(decl.target === undefined ? [] : [decl.target])];
}

/** All types by key, in order of scope and declaration. */
export function allTypes(surface: Surface): Map<string, TypeDecl> {
	const types = new Map<string, TypeDecl>();
	for (const scope of surface.scopes.values()) for (const decl of scope.types.values()) types.set(decl.key, decl);
	return types;
}

/** Key of the type that a name means in a scope: a type of its own, or one in use. */
export function visible(scope: Scope | undefined, name: string): string | undefined {
	return scope?.types.get(name)?.key ?? scope?.uses.get(name)?.target;
}

/** Directions in which guests meet an interface. An interface that no world exports is there to be imported. */
export function directionsOf(surface: Surface): Map<string, readonly Direction[]> {
	const found = new Map<string, Set<Direction>>();
	for (const scope of surface.scopes.values()) {
		for (const { direction, target } of scope.ports.values()) {
			if (target.kind !== "interface") continue;
			const known = found.get(target.scope) ?? new Set();
			found.set(target.scope, known.add(direction));
		}
	}
	return new Map([...surface.scopes.keys()].map((key) => [key, [...(found.get(key) ?? ["import" as const])]]));
}
