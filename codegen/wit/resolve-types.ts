/** Named types: their parts, and the circles that they must not form. */
import { withArticle } from "../diagnostics/words.ts";
import { references } from "../model/build-abi.ts";
import type { Case, Field, Member, TypeDef, TypeRef } from "../model/model.ts";
import type { Context } from "./context.ts";
import { order } from "./cycles.ts";
import { readDocs } from "./docs.ts";
import { declarationOf, type TypeUser } from "./find-type.ts";
import { NameSpace } from "./name-space.ts";
import { resolveTypeExpr } from "./resolve-type-expr.ts";
import type { MemberNode, TypeNode } from "./syntax.ts";
import type { LocalType, TypeScope } from "./units.ts";
import { unknownType } from "./unknown-type.ts";

/** Resolves the parts of all types of a body but the functions of resources, and checks each `use`. */
export function resolveTypes(context: Context, scope: TypeScope): void {
	for (const entry of scope.entries.values()) {
		if (entry.kind === "use") {
			declarationOf(context, scope, entry);
		} else {
			resolveParts(context, { types: scope, active: entry.active }, entry);
		}
	}
	reportRecursion(context, scope);
}

function resolveParts(context: Context, user: TypeUser, { node, def }: LocalType): void {
	if (node.kind === "alias" && def.kind === "alias") {
		def.type = resolveTypeExpr(context, user, node.type);
	} else if (node.kind === "record" && def.kind === "record") {
		def.fields = members(context, user, node, node.fields).map(asField);
	} else if (node.kind === "variant" && def.kind === "variant") {
		def.cases = members(context, user, node, node.cases);
	} else if (node.kind === "enum" && def.kind === "enum") {
		def.cases = members(context, user, node, node.cases);
	} else if (node.kind === "flags" && def.kind === "flags") {
		def.flags = members(context, user, node, node.flags);
	}
}

function members(context: Context, user: TypeUser, node: TypeNode, nodes: readonly MemberNode[]): (Member & Case)[] {
	const { file } = user.types;
	const names = new NameSpace(context, `in ${node.kind} \`${node.name.text}\``);
	if (nodes.length === 0 && file.file.sound) {
		context.error("empty-type", file, node.name, `${node.kind} \`${node.name.text}\` is empty`, {
			help: `${withArticle(node.kind)} ${node.kind === "flags" ? "need" : "needs"} at least one ${MEMBER_WORDS[node.kind]}`,
		});
	}
	const surplus = node.kind === "flags" ? nodes[MAX_FLAGS] : undefined;
	if (surplus !== undefined) {
		context.error("too-many-flags", file, surplus.name, `\`${node.name.text}\` has more than ${MAX_FLAGS} flags`, {
			help: "split it into two types",
		});
	}
	return nodes.map((member) => {
		names.declare(file, member.name);
		return {
			name: member.name.text,
			docs: readDocs(file.file.source, member.docs),
			span: context.span(file, member.name),
			...(member.type === undefined ? {} : { type: resolveTypeExpr(context, user, member.type) }),
		};
	});
}

/** The grammar gives each field of a record its type. */
function asField(member: Case): Field {
	const type: TypeRef = member.type ?? unknownType(member.span);
	return { ...member, type };
}

/** Types that contain themselves. A circle through several interfaces is one of interfaces, which is reported as such. */
function reportRecursion(context: Context, scope: TypeScope): void {
	const own = new Set<TypeDef>();
	for (const entry of scope.entries.values()) {
		if (entry.kind === "local") {
			own.add(entry.def);
		}
	}
	const contained = (def: TypeDef): TypeDef[] =>
		references(def).flatMap((type) => (type.kind === "named" && own.has(type.def) ? [type.def] : []));
	for (const cycle of order(own, contained).cycles) {
		const [first, last] = [cycle[0], cycle.at(-2)];
		const reference = last && references(last).find((type) => type.kind === "named" && type.def === first);
		if (first !== undefined && reference !== undefined) {
			const path = cycle.map((each) => `\`${each.name}\``).join(" → ");
			context.diagnostics.error("recursive-type", reference.span, `type \`${first.name}\` contains itself: ${path}`, {
				help: "WIT has no recursive types: refer to the inner value by an index or a resource handle",
			});
		}
	}
}

/** The limit of the component model. */
const MAX_FLAGS = 32;
const MEMBER_WORDS = { record: "field", variant: "case", enum: "case", flags: "flag", alias: "", resource: "" };
