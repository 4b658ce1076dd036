/** Names in generated code for core modules. Every emitter asks here. */
import type { Interface, TypeDef } from "../model.ts";
import { NameScope } from "../names/name-scope.ts";
import { pascalCase } from "../names/spelling.ts";
import { moduleName, typeName } from "../names/type-names.ts";
import type { CoreAbi } from "./core-abi.ts";

/** Files that stand beside those of interfaces. */
const FIXED_FILES: ReadonlySet<string> = new Set(["calls", "errno"]);

/** The name of the files of an interface, without the extension, e.g. `user-stream`. */
export function coreModule(name: string): string {
	const file = moduleName(name);
	return FIXED_FILES.has(file) ? `${file}_` : file;
}

/** The TypeScript interface that a host implements, e.g. `UserStream`. A type of the same name keeps it. */
export function coreInterfaceName(iface: Interface): string {
	return new NameScope(iface.types.map(typeName)).take(pascalCase(iface.name));
}

/** The types of an interface that are TypeScript types or constants: records, enums and flags, without the enum of the errors. */
export function declaredTypes({ errno }: CoreAbi, iface: Interface): Extract<TypeDef, { kind: "record" | "enum" | "flags" }>[] {
	return iface.types.filter((def) => (def.kind === "record" || def.kind === "enum" || def.kind === "flags") && def !== errno) as Extract<
		TypeDef,
		{ kind: "record" | "enum" | "flags" }
	>[];
}
