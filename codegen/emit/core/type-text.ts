/** Types of generated TypeScript for the values of core modules. */
import type { CoreAnswer, CoreCall, CoreCommand, CoreParam, JsonType, NumberName } from "../../model/core/core-abi.ts";
import { coreModule } from "../../model/core/core-names.ts";
import type { Interface, RecordDef } from "../../model/model.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { typeName } from "../../model/names/type-names.ts";
import type { Imports } from "../kit/imports.ts";

/** Names of types in one generated file. Asking for a name imports it. */
export class CoreTypes {
	readonly #imports: Imports;
	/** Folder of the types, as the file imports it, e.g. `./`. */
	readonly #folder: string;
	/** The interface whose file declares its types itself. */
	readonly #own: Interface | undefined;

	constructor(imports: Imports, folder: string, own?: Interface) {
		this.#imports = imports;
		this.#folder = folder;
		this.#own = own;
	}

	record(def: RecordDef): string {
		const name = typeName(def);
		if (def.owner.name === this.#own?.name) return name;
		return this.#imports.type(name, `${this.#folder}${coreModule(def.owner.name)}.ts`);
	}

	json(type: JsonType): string {
		switch (type.kind) {
			case "any":
				return this.#imports.type("JsonValue", "../../ir/json.ts");
			case "object":
				return this.#imports.type("JsonObject", "../../ir/json.ts");
			case "text":
				return "string";
			case "bool":
				return "boolean";
			case "number":
				return "number";
			case "list":
				return `readonly ${this.json(type.element)}[]`;
			case "record":
				return this.record(type.record.def);
		}
	}

	/** The answer of a function of the host, without its promise. */
	answer(answer: CoreAnswer, takes: boolean): string {
		switch (answer.kind) {
			case "nothing":
				return "void";
			case "value":
				return numberText(answer.type.name);
			case "status":
				return this.#errno("Status");
			case "number":
				return "number";
			default: {
				const value = this.#written(answer);
				return `${takes ? `${this.#errno("Front")}<${value}>` : value} | ${this.#errno("Errno")}`;
			}
		}
	}

	#written(answer: Extract<CoreAnswer, { kind: "bytes" | "packed" | "packed-list" | "json" }>): string {
		if (answer.kind === "bytes") return "Uint8Array";
		if (answer.kind === "json") return this.json(answer.type);
		const name = this.record(answer.record.def);
		return answer.kind === "packed" ? name : `readonly ${name}[]`;
	}

	#errno(name: "Errno" | "Front" | "Status"): string {
		return this.#imports.type(name, `${this.#folder}errno.ts`);
	}
}

export function numberText(name: NumberName): "number" | "bigint" {
	return name === "u64" || name === "s64" ? "bigint" : "number";
}

interface HostParam {
	readonly name: string;
	readonly type: string;
}

/** Parameters of the host's function for an import that is no command. */
export function callParams({ params, answer }: CoreCall): HostParam[] {
	const names = new NameScope();
	return params.flatMap((param) => {
		// Only an answer of several records depends on the room for it.
		if (param.kind === "out") return answer.kind === "packed-list" ? [{ name: names.take("max"), type: "number" }] : [];
		return [{ name: names.take(camelCase(param.name)), type: paramText(param) }];
	});
}

function paramText(param: Exclude<CoreParam, { kind: "out" }>): string {
	if (param.kind === "number") return numberText(param.type.name);
	return param.kind === "text" ? "string" : "Uint8Array";
}

/** Parameters of the host's function for a command. */
export function commandParams({ func, argument }: CoreCommand, types: CoreTypes): HostParam[] {
	const names = new NameScope();
	const fd = { name: names.take(camelCase(func.params[0]?.name ?? "fd")), type: "number" };
	return argument === undefined ? [fd] : [fd, { name: names.take(camelCase(argument.name)), type: types.json(argument.type) }];
}
