/**
 * The declarations of all packages while they are being resolved: between the syntax trees and the model.
 *
 * A unit knows where it was written (its scope) and, step by step, what it became.
 */
import type { Gates, Interface, PackageId, TypeOwner, World } from "../model/model.ts";
import type { ParsedFile } from "./parse.ts";
import type { InterfaceItem, Name, PackageName, Range, Rename, TopItem, TopUse, TypeNode, UseNode, UsePath, WorldNode } from "./syntax.ts";
import type { TypeDraft } from "./type-draft.ts";

export interface PackageUnit {
	readonly id: PackageId;
	/** `ns:name` or `ns:name@version`. */
	readonly key: string;
	readonly main: boolean;
	/** The first declaration of the package. */
	readonly declared: { readonly file: ParsedFile; readonly name: PackageName };
	readonly scopes: FileScope[];
	/** Interfaces and worlds share one set of names. In order of file, then of declaration. */
	readonly items: Map<string, InterfaceUnit | WorldUnit>;
}

/** The names that one file (or one nested `package … { }` block) can use besides its package's items. */
export interface FileScope {
	readonly file: ParsedFile;
	readonly package: PackageUnit;
	readonly aliases: Map<string, TopUse>;
	/** Targets of the paths of this file that name no package; null for nothing. Filled as they are looked up. */
	readonly targets: Map<UsePath, InterfaceUnit | WorldUnit | null>;
	/** Docs of the package declaration in this file. */
	readonly docs: readonly Range[];
	readonly items: readonly TopItem[];
}

export interface InterfaceUnit {
	readonly kind: "interface";
	readonly name: Name;
	readonly scope: FileScope;
	readonly items: readonly InterfaceItem[];
	readonly docs: readonly Range[];
	readonly gates: Gates;
	readonly active: boolean;
	readonly types: TypeScope;
	/** Interfaces whose types this one uses, each with the path that says so. */
	readonly uses: Map<InterfaceUnit, UseNode>;
	model?: Interface;
}

export interface WorldUnit {
	readonly kind: "world";
	readonly name: Name;
	readonly scope: FileScope;
	readonly node: WorldNode;
	readonly gates: Gates;
	readonly active: boolean;
	readonly types: TypeScope;
	model?: World;
}

export interface GateVerdict {
	readonly gates: Gates;
	/** False for an `@unstable` item whose feature is not among the active ones. */
	readonly active: boolean;
}

/** The types that can be named inside one interface or world. */
export interface TypeScope {
	readonly file: FileScope;
	readonly owner: TypeOwner;
	/** The name in messages: `interface foo`. */
	readonly label: string;
	readonly entries: Map<string, TypeEntry>;
	/** Names of the functions in the body, which are no types. */
	readonly functions: Map<string, Name>;
	/** The verdict on the gates of each item in the body. */
	readonly gates: Map<InterfaceItem, GateVerdict>;
}

export type TypeEntry = LocalType | UsedType;

interface EntryBase {
	readonly name: Name;
	readonly active: boolean;
}

export interface LocalType extends EntryBase {
	readonly kind: "local";
	readonly node: TypeNode;
	readonly gates: Gates;
	readonly scope: TypeScope;
	readonly def: TypeDraft;
}

export interface UsedType extends EntryBase {
	readonly kind: "use";
	readonly node: UseNode;
	readonly rename: Rename;
	/** The declaration that the name leads to; null if it leads nowhere; absent until it is looked for. */
	target?: LocalType | null;
}

export function packageKey(id: PackageId): string {
	return `${id.namespace}:${id.name}${id.version === undefined ? "" : `@${id.version}`}`;
}
