/** Names of an interface's generated modules, and of references from one to another. */
import type { Interface, Model, Span, TypeDef } from "../model.ts";
import { safeIdentifier } from "../names/reserved.ts";
import { camelCase } from "../names/spelling.ts";

/** The interface's types other than resources: those that have a shape as data. */
export type DataDef = Exclude<TypeDef, { kind: "resource" }>;

/** A type with a conversion function of its own. */
export type ConvertedDef = Exclude<DataDef, { kind: "alias" }>;

export function dataTypes(iface: Interface): DataDef[] {
	return iface.types.filter((def) => def.kind !== "resource");
}

/**
 * Name of the generated modules that hold `def`: that of its interface.
 *
 * @throws Error for a type of a dependency or of a world, for which there are no such modules.
 */
export function moduleOf(def: TypeDef, model: Model): string {
	const { owner } = def;
	const { id } = model.main;
	if (owner.kind === "interface" && owner.package.namespace === id.namespace && owner.package.name === id.name) return owner.name;
	throw new UnsupportedType(
		`${def.kind} \`${def.name}\` of ${owner.kind} \`${owner.package.namespace}:${owner.package.name}/${owner.name}\` cannot be part of a value: ` +
			`only types of interfaces of \`${id.namespace}:${id.name}\` have generated modules`,
		def.span,
	);
}

/** The name other generated modules import a module under, e.g. `types` in `types.Usage`. */
export function moduleAlias(module: string): string {
	return safeIdentifier(camelCase(module));
}

/** A type that the emitters have no shape for. The linter is there to find it first. */
export class UnsupportedType extends Error {
	override readonly name = "UnsupportedType";
	readonly span: Span;

	constructor(message: string, span: Span) {
		super(`${span.file}:${span.line}:${span.column}: ${message}`);
		this.span = span;
	}
}
