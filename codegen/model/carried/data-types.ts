/** The types that have a shape as data, and the generated modules that hold them. */
import { InputFault } from "../../diagnostics/input-fault.ts";
import type { Interface, Model, Span, TypeDef } from "../model.ts";
import { moduleName } from "../names/type-names.ts";

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
 * @throws UnsupportedType for a type of a dependency or of a world, for which there are no such modules.
 */
export function moduleOf(def: TypeDef, model: Model): string {
	const { owner } = def;
	const { id } = model.main;
	if (owner.kind === "interface" && owner.package.namespace === id.namespace && owner.package.name === id.name)
		return moduleName(owner.name);
	throw new UnsupportedType(
		`${def.kind} \`${def.name}\` of ${owner.kind} \`${owner.package.namespace}:${owner.package.name}/${owner.name}\` cannot be part of a value: ` +
			`only types of interfaces of \`${id.namespace}:${id.name}\` have generated modules`,
		def.span,
	);
}

interface UnsupportedExtras {
	readonly code: "unsupported-type" | "missing-type";
	readonly help: string;
}

/** A part of the WIT that the emitters have no form for, or that they need and do not find. */
export class UnsupportedType extends InputFault {
	override readonly name = "UnsupportedType";

	constructor(message: string, span: Span | undefined, { code = "unsupported-type", help }: Partial<UnsupportedExtras> = {}) {
		super(code, span, message, help);
	}
}
