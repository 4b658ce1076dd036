/**
 * Resolves named types on demand, so that the order of declarations does not matter and a type that contains itself is
 * found as the chain that leads back to it.
 */
import { didYouMean } from "../diagnostics/suggest.ts";
import type { AliasDef, Case, Field, Item, Member, ResourceDef, TypeDef, TypeRef } from "../model/model.ts";
import type { Context } from "./context.ts";
import { readDocs } from "./docs.ts";
import { NameSpace } from "./name-space.ts";
import { reportInactive, resolveInterfacePath } from "./resolve-path.ts";
import { PRIMITIVES, resolveTypeExpr, unknownType } from "./resolve-type-expr.ts";
import type { AliasNode, MemberNode, Name, TypeNode } from "./syntax.ts";
import type { TypeLookup, TypeUser } from "./type-lookup.ts";
import type { InterfaceUnit, LocalType, TypeEntry, TypeScope, UsedType } from "./units.ts";

/** Resources are made before their functions, which may mention any type. */
export type OpenResource = { -readonly [Key in keyof ResourceDef]: ResourceDef[Key] };

export class TypeResolver implements TypeLookup {
	readonly context: Context;
	/** Resources whose functions are still to be resolved. */
	readonly openResources = new Map<TypeEntry, OpenResource>();
	readonly ownAliases = new Set<AliasDef>();
	/** The local types being resolved, outermost first. */
	readonly #chain: LocalType[] = [];

	constructor(context: Context) {
		this.context = context;
	}

	find(user: TypeUser, name: Name): TypeDef | undefined {
		const entry = user.types.entries.get(name.text);
		const { file } = user.types;
		if (entry === undefined) {
			const known = [...user.types.entries.keys(), ...PRIMITIVES.keys(), ...CONSTRUCTORS];
			const help = SPELLINGS.get(name.text) ?? didYouMean(name.text, known);
			this.context.unknown("unknown-type", file, name, `no type \`${name.text}\` in ${user.types.label}`, help);
			return undefined;
		}
		if (user.active && !entry.active) {
			const feature = entry.kind === "local" ? entry.gates.unstable?.feature : undefined;
			reportInactive(this.context, file, name, `type \`${name.text}\``, feature);
		}
		if (entry.kind === "local" && entry.state === "busy") {
			this.#reportRecursion(user, entry, name);
			return undefined;
		}
		return this.resolve(user.types, entry);
	}

	resolve(types: TypeScope, entry: TypeEntry): TypeDef | undefined {
		if (entry.state === "open") {
			entry.state = "busy";
			const def = entry.kind === "local" ? this.#resolveLocal(types, entry) : this.#resolveUse(types, entry);
			entry.state = def === undefined ? "failed" : "done";
			if (def !== undefined) {
				entry.def = def;
			}
		}
		// A `use` that is still busy belongs to a cycle of interfaces, which is reported as such.
		return entry.def;
	}

	#resolveUse(types: TypeScope, entry: UsedType): TypeDef | undefined {
		const unit = resolveInterfacePath(this.context, types.file, entry.node.path, entry.active);
		if (unit === undefined) {
			return undefined;
		}
		const name = entry.rename.name;
		const target = unit.types.entries.get(name.text);
		if (target === undefined) {
			this.#reportMissing(types, unit, name);
			return undefined;
		}
		if (entry.active && unit.active && !target.active) {
			const feature = target.kind === "local" ? target.gates.unstable?.feature : undefined;
			reportInactive(this.context, types.file, name, `type \`${name.text}\``, feature);
		}
		return this.resolve(unit.types, target);
	}

	#reportMissing(types: TypeScope, unit: InterfaceUnit, name: Name): void {
		const isFunction = unit.items.some((item) => item.kind === "function" && item.name.text === name.text);
		const message = isFunction
			? `\`${name.text}\` is a function of interface \`${unit.name.text}\`; only types can be used`
			: `interface \`${unit.name.text}\` has no type \`${name.text}\``;
		this.context.unknown("unknown-type", types.file, name, message, didYouMean(name.text, unit.types.entries.keys()));
	}

	#reportRecursion(user: TypeUser, entry: LocalType, name: Name): void {
		const chain = this.#chain.slice(this.#chain.indexOf(entry)).map((each) => each.name.text);
		const path = [...chain, entry.name.text].map((each) => `\`${each}\``).join(" → ");
		this.context.error("recursive-type", user.types.file, name, `type \`${name.text}\` contains itself: ${path}`, {
			help: "WIT has no recursive types: refer to the inner value by an index or a resource handle",
		});
	}

	#resolveLocal(types: TypeScope, entry: LocalType): TypeDef {
		this.#chain.push(entry);
		const def = this.#define(types, entry);
		this.#chain.pop();
		return def;
	}

	#define(types: TypeScope, entry: LocalType): TypeDef {
		const { node } = entry;
		const { file } = types;
		const user = { types, active: entry.active };
		const base = {
			name: node.name.text,
			docs: readDocs(file.file.source, node.docs),
			gates: entry.gates,
			span: this.context.span(file, node.name),
			owner: types.owner,
		};
		switch (node.kind) {
			case "alias":
				return this.#alias(node, { kind: "alias", ...base, type: resolveTypeExpr(this, user, node.type) });
			case "record":
				return { kind: "record", ...base, fields: this.#members(user, node, node.fields).map(asField) };
			case "variant":
				return { kind: "variant", ...base, cases: this.#members(user, node, node.cases) };
			case "enum":
				return { kind: "enum", ...base, cases: this.#members(user, node, node.cases) };
			case "flags":
				return { kind: "flags", ...base, flags: this.#members(user, node, node.flags) };
			case "resource": {
				const def: OpenResource & Item = { kind: "resource", ...base, functions: [] };
				this.openResources.set(entry, def);
				return def;
			}
		}
	}

	#alias(node: AliasNode, def: AliasDef): AliasDef {
		if (node.type.kind === "own") {
			this.ownAliases.add(def);
		}
		return def;
	}

	#members(user: TypeUser, node: TypeNode, members: readonly MemberNode[]): (Member & Case)[] {
		const { file } = user.types;
		const names = new NameSpace(this.context, `in ${node.kind} \`${node.name.text}\``);
		if (members.length === 0 && file.file.lostNames.size === 0) {
			this.context.error("empty-type", file, node.name, `${node.kind} \`${node.name.text}\` is empty`, {
				help: `a ${node.kind} needs at least one ${MEMBER_WORDS[node.kind]}`,
			});
		}
		const surplus = node.kind === "flags" ? members[MAX_FLAGS] : undefined;
		if (surplus !== undefined) {
			this.context.error("too-many-flags", file, surplus.name, `\`${node.name.text}\` has more than ${MAX_FLAGS} flags`, {
				help: "split it into two types",
			});
		}
		return members.map((member) => {
			names.declare(file, member.name);
			return {
				name: member.name.text,
				docs: readDocs(file.file.source, member.docs),
				span: this.context.span(file, member.name),
				...(member.type === undefined ? {} : { type: resolveTypeExpr(this, user, member.type) }),
			};
		});
	}
}

/** The grammar gives each field of a record its type. */
function asField(member: Case): Field {
	const type: TypeRef = member.type ?? unknownType(member.span);
	return { ...member, type };
}

/** The limit of the component model. */
const MAX_FLAGS = 32;
const MEMBER_WORDS = { record: "field", variant: "case", enum: "case", flags: "flag", alias: "", resource: "" };

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
