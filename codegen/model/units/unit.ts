/** Units of generated code: what a component imports or exports as one, each with files of its own. */
import type { Docs, Func, Gates, Interface, ResourceDef, Span, TypeDef, Use } from "../model.ts";
import { camelCase } from "../names/spelling.ts";

/** An interface as one side of a component has it, or the functions and types of a world itself. */
export interface Unit {
	/** Name of the unit's files, without extension. Unique among the units that are generated together. */
	readonly file: string;
	/** Name without version by which components import or export it: `my:store/buckets`, `config` for an inline interface, `$root` for a world. */
	readonly id: string;
	/** Version of the package. Absent: none, or an inline interface. */
	readonly version?: string;
	/** True if the guest implements the functions and resources. */
	readonly isExported: boolean;
	readonly docs: Docs;
	readonly gates: Gates;
	readonly types: readonly TypeDef[];
	/** Types of other units, by their names here. */
	readonly uses: readonly Use[];
	/** Functions that belong to no resource. */
	readonly functions: readonly Func[];
	readonly span: Span;
}

/** Unit of the functions and types of a world itself. */
export const ROOT = "$root";

/** `my:store/buckets@0.1.0` */
export function fullName({ id, version }: Unit): string {
	return version === undefined ? id : `${id}@${version}`;
}

/** The unit of an interface that the host implements. */
export function interfaceUnit(iface: Interface, file: string): Unit {
	const { namespace, name, version } = iface.package;
	return {
		file,
		id: `${namespace}:${name}/${iface.name}`,
		...(version === undefined ? {} : { version }),
		isExported: false,
		docs: iface.docs,
		gates: iface.gates,
		types: iface.types,
		uses: iface.uses,
		functions: iface.functions,
		span: iface.span,
	};
}

/** Freestanding functions, then those of each resource, the constructors last. */
export function functionsOf({ functions, types }: Pick<Unit, "functions" | "types">): Func[] {
	const resources = types.filter((def): def is ResourceDef => def.kind === "resource");
	const constructors = resources.flatMap((def) => (def.constructorFunc === undefined ? [] : [def.constructorFunc]));
	return [...functions, ...resources.flatMap((def) => def.functions), ...constructors];
}

/** Name under which files import the types of a unit. Types begin with a capital letter, and never with `$`. */
export function unitAlias({ file }: Unit): string {
	return `$${camelCase(file)}`;
}
