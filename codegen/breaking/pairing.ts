/** Pairs the items of two surfaces, renamed ones too, and relates types by these pairs. */
import { type Matched, match } from "./match.ts";
import { inOrder } from "./order.ts";
import { Structures, StructureTable } from "./structure.ts";
import { allTypes, type Scope, type Surface, type TypeDecl } from "./surface.ts";
import { isNamed, type TypeNode } from "./type-node.ts";

/** A name of a scope that means a type: declared there, or in use. */
export interface VisibleType {
	readonly name: string;
	/** Of the type that the name means. */
	readonly key: string;
	readonly decl: TypeDecl | undefined;
	readonly span?: TypeDecl["span"];
}

/** `same`: no difference in this place. `renamed`: another type of equal structure. */
export type Relation = "same" | "renamed" | "changed";

export class Pairing {
	readonly before: Surface;
	readonly after: Surface;
	readonly scopes: Matched<Scope, Scope>;
	readonly structuresBefore: Structures;
	readonly structuresAfter: Structures;
	readonly typesBefore: ReadonlyMap<string, TypeDecl>;
	readonly typesAfter: ReadonlyMap<string, TypeDecl>;
	/** Keys of scopes of today by those before. */
	readonly #scopeAfter = new Map<string, string>();
	/** Keys of types of today by those before: what the name of the declaration means now. */
	readonly #typeAfter = new Map<string, string>();
	readonly #gone: ReadonlySet<string>;
	readonly #endsBefore: ReadonlyMap<string, TypeNode>;
	readonly #endsAfter: ReadonlyMap<string, TypeNode>;
	readonly #matches = new Map<Scope, Matched<VisibleType, VisibleType>>();

	constructor(before: Surface, after: Surface) {
		this.before = before;
		this.after = after;
		this.typesBefore = allTypes(before);
		this.typesAfter = allTypes(after);
		this.#endsBefore = aliasEnds(before);
		this.#endsAfter = aliasEnds(after);
		this.scopes = matchScopes(before, after);
		this.#gone = new Set(this.scopes.removed.flatMap((scope) => (isDependency(scope) ? [] : [scope.key])));
		const pairs = [...this.scopes.kept, ...this.scopes.renamed];
		for (const [old, now] of pairs) this.#scopeAfter.set(old.key, now.key);

		for (const [old, now] of pairs) this.#pairResources(old, now);
		const table = new StructureTable();
		const identities = this.#identities(pairs);
		this.structuresBefore = new Structures(before, table, (key) => key);
		this.structuresAfter = new Structures(after, table, (key) => identities.get(key) ?? `new ${key}`);
		for (const [old, now] of pairs) this.#pairTypes(old, now);
	}

	scopeAfter(key: string): string | undefined {
		return this.#scopeAfter.get(key);
	}

	/** True for an interface or world of the package that is no longer there under any name. */
	isGone(key: string): boolean {
		return this.#gone.has(key);
	}

	/** Key that the name of a declared type means today. Undefined if the type is gone. */
	typeAfter(key: string): string | undefined {
		return this.#typeAfter.get(key);
	}

	/** Visible types of a pair of scopes. */
	visibleTypes(old: Scope): Matched<VisibleType, VisibleType> {
		return this.#matches.get(old) ?? { kept: [], renamed: [], removed: [], added: [] };
	}

	/** Compares two types as they stand in one place. A difference inside a named type is reported where that type is declared. */
	relate(before: TypeNode | undefined, after: TypeNode | undefined): Relation {
		if (before === undefined || after === undefined) return before === after ? "same" : "changed";
		let relation: Relation = "same";
		const waiting = [[before, after] as const];
		for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
			const [old, now] = pair;
			if (isNamed(old) && isNamed(now) && this.#typeAfter.get(old.name) === now.name) continue;
			const oldEnd = this.#endsBefore.get(old.name);
			const nowEnd = this.#endsAfter.get(now.name);
			if (oldEnd !== undefined || nowEnd !== undefined) waiting.push([oldEnd ?? old, nowEnd ?? now]);
			else if (isNamed(old) || isNamed(now)) {
				if (this.structuresBefore.of(old) !== this.structuresAfter.of(now)) return "changed";
				relation = "renamed";
			} else if (old.name !== now.name || old.args.length !== now.args.length) return "changed";
			else {
				for (const [index, arg] of old.args.entries()) {
					const other = now.args[index];
					if (other !== undefined) waiting.push([arg, other]);
				}
			}
		}
		return relation;
	}

	/** The type that a name stands for once aliases are followed: a node that names no alias. */
	endBefore(node: TypeNode): TypeNode {
		return this.#endsBefore.get(node.name) ?? node;
	}

	endAfter(node: TypeNode): TypeNode {
		return this.#endsAfter.get(node.name) ?? node;
	}

	#pairResources(old: Scope, now: Scope): void {
		const functionNames = ({ kind, functions }: TypeDecl): string | undefined =>
			kind === "resource" && functions.size > 0 ? [...functions.keys()].sort().join() : undefined;
		const fresh = [...now.types.values(), ...[...now.uses.values()].flatMap(({ name, target }) => this.#named(name, target))];
		const { kept, renamed } = match(old.types.values(), fresh, functionNames, functionNames);
		for (const [was, is] of [...kept, ...renamed]) if (was.kind === "resource") this.#typeAfter.set(was.key, is.key);
	}

	#named(name: string, target: string): TypeDecl[] {
		const decl = this.typesAfter.get(target);
		return decl === undefined ? [] : [{ ...decl, name }];
	}

	/** Resources of today by the one before that each continues. A resource that stayed in its scope comes first. */
	#identities(pairs: readonly (readonly [Scope, Scope])[]): Map<string, string> {
		const identities = new Map<string, string>();
		const add = (isHome: boolean): void => {
			for (const [old, now] of pairs) {
				for (const { key } of old.types.values()) {
					const successor = this.#typeAfter.get(key);
					if (successor === undefined || identities.has(successor)) continue;
					const name = this.typesAfter.get(successor)?.name ?? "";
					if (!isHome || now.types.get(name)?.key === successor) identities.set(successor, key);
				}
			}
		};
		add(true);
		add(false);
		return identities;
	}

	#pairTypes(old: Scope, now: Scope): void {
		const signature = (structures: Structures, { key, decl }: VisibleType): string | undefined => {
			if (decl === undefined) return `use ${structures.of({ name: key, args: [] })}`;
			if (decl.kind === "resource" && decl.functions.size === 0) return undefined;
			return `${decl.kind} ${structures.of({ name: key, args: [] })}`;
		};
		const matched = match(
			visibleTypes(old),
			visibleTypes(now),
			(type) => signature(this.structuresBefore, type),
			(type) => signature(this.structuresAfter, type),
		);
		this.#matches.set(old, matched);
		for (const [was, is] of [...matched.kept, ...matched.renamed]) if (was.decl !== undefined) this.#typeAfter.set(was.key, is.key);
	}
}

function visibleTypes(scope: Scope): VisibleType[] {
	const declared = [...scope.types.values()].map((decl) => ({ name: decl.name, key: decl.key, decl, ...spanOf(decl) }));
	const used = [...scope.uses.values()].map((use) => ({ name: use.name, key: use.target, decl: undefined, ...spanOf(use) }));
	return [...declared, ...used];
}

function spanOf({ span }: Pick<VisibleType, "span">): Pick<VisibleType, "span"> {
	return span === undefined ? {} : { span };
}

/** Ends of chains of aliases by the key of each alias. */
function aliasEnds(surface: Surface): Map<string, TypeNode> {
	const ends = new Map<string, TypeNode>();
	for (const { key, target } of inOrder(surface)) if (target !== undefined) ends.set(key, ends.get(target.name) ?? target);
	return ends;
}

/** True for an interface of another package. */
export function isDependency({ key }: Scope): boolean {
	return !key.startsWith("world ") && key.includes(":");
}

/** True for an interface that stands inside a world. */
export function isInline({ key, kind }: Pick<Scope, "key" | "kind">): boolean {
	return kind === "interface" && key.startsWith("world ");
}

/** `wasi:io/poll@0.2.0` → `wasi:io/poll` */
export function withoutVersion(key: string): string {
	return key.split("@")[0] ?? key;
}

/** Interfaces of dependencies are matched without their version where that is unambiguous. */
function matchScopes(before: Surface, after: Surface): Matched<Scope, Scope> {
	const worlds = match(
		named(before, isWorld),
		named(after, isWorld),
		({ scope }) => membersOf(scope),
		({ scope }) => membersOf(scope),
	);
	const worldAfter = new Map([...worlds.kept, ...worlds.renamed].map(([old, now]) => [old.name, now.name]));
	const versioned = new Set([...repeated(before), ...repeated(after)]);
	const nameOf = ({ key }: Scope): string => (versioned.has(withoutVersion(key)) ? key : withoutVersion(key));
	const inNewWorld = (scope: Scope): string => {
		const [, world = "", rest = ""] = /^(world \S+)(.*)$/.exec(scope.key) ?? [];
		return isInline(scope) ? `${worldAfter.get(world) ?? world}${rest}` : nameOf(scope);
	};
	const signature = ({ scope, name }: NamedScope): string | undefined => {
		const members = isDependency(scope) ? undefined : membersOf(scope);
		return members === undefined ? undefined : `${isInline(scope) ? name.split(" ").slice(0, 3).join(" ") : ""} ${members}`;
	};
	const interfaces = match(
		named(before, (scope) => !isWorld(scope), inNewWorld),
		named(
			after,
			(scope) => !isWorld(scope),
			(scope) => (isInline(scope) ? scope.key : nameOf(scope)),
		),
		signature,
		signature,
	);
	const both = <T>(of: (matched: typeof worlds) => readonly T[]): T[] => [...of(interfaces), ...of(worlds)];
	return {
		kept: both(({ kept }) => kept.map(([old, now]) => [old.scope, now.scope] as const)),
		renamed: both(({ renamed }) => renamed.map(([old, now]) => [old.scope, now.scope] as const)),
		removed: both(({ removed }) => removed.map(({ scope }) => scope)),
		added: both(({ added }) => added.map(({ scope }) => scope)),
	};
}

interface NamedScope {
	readonly name: string;
	readonly scope: Scope;
}

function named(surface: Surface, include: (scope: Scope) => boolean, nameOf = ({ key }: Scope): string => key): NamedScope[] {
	return [...surface.scopes.values()].filter(include).map((scope) => ({ name: nameOf(scope), scope }));
}

function isWorld({ kind }: Scope): boolean {
	return kind === "world";
}

/** Names of interfaces that occur in several versions. */
function repeated(surface: Surface): Set<string> {
	const seen = new Set<string>();
	const twice = new Set<string>();
	for (const scope of surface.scopes.values()) {
		if (!isDependency(scope)) continue;
		const name = withoutVersion(scope.key);
		if (seen.has(name)) twice.add(name);
		seen.add(name);
	}
	return twice;
}

/** Names of all members; undefined for an empty scope, which has nothing to be known by. */
function membersOf({ types, functions, uses, ports }: Scope): string | undefined {
	const names = [
		...[...types.values()].map(({ kind, name }) => `${kind} ${name}`),
		...[...functions.keys()].map((name) => `func ${name}`),
		...[...uses.keys()].map((name) => `use ${name}`),
		...ports.keys(),
	];
	return names.length === 0 ? undefined : names.sort().join();
}
