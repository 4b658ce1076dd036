/** Types that generated code cannot do without: hand-written schemas and templates refer to them by name. */
import type { Abi } from "./abi.ts";
import { UnsupportedType } from "./carried/data-types.ts";
import type { Span, TypeDef } from "./model.ts";

/**
 * Returns a type of the interface `types`.
 *
 * @param user what refers to the type, for the message
 * @throws UnsupportedType with the code `missing-type` if the interface does not declare it
 */
export function requireType(abi: Abi, name: string, user: string): TypeDef {
	const types = abi.model.main.interfaces.find((iface) => iface.name === "types");
	const def = types?.types.find((candidate) => candidate.name === name);
	if (def === undefined) throw missingTypes(abi, "types", [name], user);
	return def;
}

/** The fault that an interface does not declare types that something refers to. */
export function missingTypes(abi: Abi, owner: string, names: readonly string[], user: string): UnsupportedType {
	const found = abi.model.main.interfaces.find((iface) => iface.name === owner);
	const list = names.map((name) => `\`${name}\``).join(", ");
	const message =
		found === undefined
			? `the package has no interface \`${owner}\` with the type${names.length === 1 ? "" : "s"} ${list}`
			: `interface \`${owner}\` declares no type ${list}`;
	return new UnsupportedType(message, found?.span ?? firstSpan(abi), {
		code: "missing-type",
		help: `${user} refers to ${names.length === 1 ? "it" : "them"} by name: a renamed type has to be renamed there too`,
	});
}

function firstSpan({ model }: Abi): Span | undefined {
	return (model.main.interfaces[0] ?? model.main.worlds[0])?.span;
}
