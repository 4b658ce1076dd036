/** Names in the generated lowering. Each is unique in its scope, and none is a word of the language or of the generated code itself. */
import type { TypeRef } from "../../../model/model.ts";
import { NameScope } from "../../../model/names/name-scope.ts";
import { pascalCase } from "../../../model/names/spelling.ts";
import { type ResolvedType, resolved } from "./layout.ts";

/** Names that functions with parameters from WIT use for themselves. */
const LOCALS = [
	"answer",
	"bitsOfF32",
	"bitsOfF64",
	"cause",
	"codePointOf",
	"context",
	"core",
	"f32OfBits",
	"f64OfBits",
	"finish",
	"free",
	"indexOfCase",
	"parameters",
	"parametersAt",
	"pending",
	"raw",
	"resultAt",
	"resultPointer",
	"settle",
	"slot",
	"tag",
	"undefined",
	"unknownCase",
	"view",
];

/** Names that all other functions use. */
const OTHER_LOCALS = ["at", "bits", "count", "index", "name", "pointer", "value", "values"];

/** Names of types, constants and helpers, where they could be those of modules or parameters. */
const DECLARED = /^[A-Z]|^(?:alloc|lift|lower|store)[A-Z0-9]|^wit(?:$|[A-Z0-9])/;

/** Names of the parameters and variables of one function. */
export class LocalNames extends NameScope {
	/** @param modules names under which the file imports other files */
	constructor(modules: Iterable<string>) {
		super([...LOCALS, ...modules]);
	}

	override take(wanted: string): string {
		return super.take(DECLARED.test(wanted) ? `${wanted}_` : wanted);
	}
}

/** Names under which the files of one folder import each other. */
export class ModuleNames extends NameScope {
	constructor() {
		super([...LOCALS, ...OTHER_LOCALS]);
	}

	override take(wanted: string): string {
		return super.take(DECLARED.test(wanted) ? `${wanted}_` : wanted);
	}
}

/** Longer names of types without a name say only what kind of type it is. */
const MAX_TYPE_NAME = 48;

/** A name for a type that may have none, e.g. `MessageList` for `list<message>`. */
export function typeName(type: TypeRef): string {
	const target = resolved(type);
	const [name, short] = describe(target);
	return name.length <= MAX_TYPE_NAME ? name : short;
}

function describe(type: ResolvedType): [name: string, short: string] {
	switch (type.kind) {
		case "named":
			return [pascalCase(type.def.name), pascalCase(type.def.name)];
		case "handle":
			return [pascalCase(type.def.name), pascalCase(type.def.name)];
		case "list":
			return [`${typeName(type.element)}List`, "List"];
		case "option":
			return [`Optional${typeName(type.some)}`, "Option"];
		case "tuple":
			return [`${type.items.map(typeName).join("")}Tuple`, "Tuple"];
		case "result": {
			const sides = [type.ok, type.err].flatMap((side) => (side === undefined ? [] : [typeName(side)]));
			return [`${sides.join("Or")}Result`, "Result"];
		}
		default:
			return [pascalCase(type.kind === "primitive" ? type.name : type.kind), type.kind];
	}
}
