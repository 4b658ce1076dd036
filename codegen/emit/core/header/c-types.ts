/** Types of C for the values of core modules. */
import type { CoreAnswer, CoreCall, NumberName } from "../../../model/core/core-abi.ts";
import { isOutBuffer, numberType } from "../../../model/core/core-types.ts";
import type { AliasDef, TypeRef } from "../../../model/model.ts";
import { type CNames, cIdentifier } from "./c-names.ts";

const NUMBERS: { readonly [name in NumberName]: string } = {
	u8: "uint8_t",
	u16: "uint16_t",
	u32: "uint32_t",
	u64: "uint64_t",
	s8: "int8_t",
	s16: "int16_t",
	s32: "int32_t",
	s64: "int64_t",
	f32: "float",
	f64: "double",
};

export class CTypes {
	readonly #names: CNames;

	constructor(names: CNames) {
		this.#names = names;
	}

	/** A number: by its alias if it has one. Enums and flags pass as numbers, so that flags can be joined in C++ too. */
	number(type: TypeRef): string {
		if (type.kind === "named" && type.def.kind === "alias" && isNumberAlias(type.def)) return this.#names.lower(type.def.name);
		return NUMBERS[numberType(type)?.name ?? "s32"];
	}

	/** Parameters of an import that is no command, in the order of its core parameters. */
	params({ func, params, answer }: CoreCall): string[] {
		return params.flatMap((param, index) => {
			const name = cIdentifier(param.name);
			const type = func.params[index]?.type;
			if (param.kind === "number") return type === undefined ? [] : [`${this.number(type)} ${name}`];
			if (param.kind === "out") return [`${this.element(answer)} *${name}`, `uint32_t *${name}_length`];
			return [`const ${param.kind === "text" ? "char" : "void"} *${name}`, `uint32_t ${name}_length`];
		});
	}

	/** The type of an import's result. */
	result({ func, answer }: CoreCall): string {
		if (answer.kind === "nothing") return "void";
		if (answer.kind === "value") return NUMBERS[answer.type.name];
		const ok = func.result?.kind === "result" ? func.result.ok : undefined;
		return answer.kind === "number" && ok !== undefined && this.number(ok).startsWith(this.#names.lower("")) ? this.number(ok) : "int32_t";
	}

	/** The type that an answer is written to. Bytes may be those of text, of JSON or of any structure, so they have none. */
	element(answer: CoreAnswer): string {
		if (answer.kind !== "packed" && answer.kind !== "packed-list") return "void";
		const { def } = answer.record;
		return this.#names.lower(def.owner.name, def.name);
	}
}

/** True for an alias of a number, which becomes a type of its own. */
export function isNumberAlias(def: AliasDef): boolean {
	return numberType(def.type) !== undefined && !isOutBuffer({ kind: "named", def, span: def.span });
}
