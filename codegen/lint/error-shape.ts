/** The one error record of the ABI has a fixed shape: bindings make it, guests switch on it. */
import { withArticle } from "../diagnostics/words.ts";
import type { Field, TypeRef } from "../model/model.ts";
import type { Rule } from "./rule.ts";
import { interfaceFunctions } from "./subjects.ts";

/** Codes that generated bindings themselves answer with. */
const REQUIRED_CODES = ["invalid-request", "backend-not-enabled", "cancelled", "internal"];

const FIELDS: readonly { readonly name: string; readonly words: string; readonly fits: (type: TypeRef) => boolean }[] = [
	{
		name: "code",
		words: "the enum `error-code`",
		fits: (type) => type.kind === "named" && type.def.kind === "enum" && type.def.name === "error-code",
	},
	{ name: "message", words: "`string`", fits: (type) => isPrimitive(type, "string") },
	{ name: "retryable", words: "`bool`", fits: (type) => isPrimitive(type, "bool") },
	{ name: "retry-after-ms", words: "`option<u32>`", fits: (type) => type.kind === "option" && isPrimitive(type.some, "u32") },
	{ name: "operation", words: "`option<string>`", fits: (type) => type.kind === "option" && isPrimitive(type.some, "string") },
	{
		name: "explanation",
		words: "an `option` of a record",
		fits: (type) => type.kind === "option" && type.some.kind === "named" && type.some.def.kind === "record",
	},
];

export const errorShape: Rule = (model, report) => {
	const types = model.main.interfaces.find((iface) => iface.name === "types");
	const error = types?.types.find((def) => def.name === "error");
	if (error === undefined) {
		const [first] = interfaceFunctions(model);
		const span = types?.span ?? first?.span;
		if (span !== undefined && first !== undefined)
			report(
				"error-shape",
				span,
				"interface `types` declares no record `error`",
				"hostcalls answer failures with it; see the record's fields in the ABI reference",
			);
		return;
	}
	if (error.kind !== "record") {
		report("error-shape", error.span, `\`types.error\` is ${withArticle(error.kind)}, not a record`);
		return;
	}
	for (const { name, words, fits } of FIELDS) {
		const field: Field | undefined = error.fields.find((candidate) => candidate.name === name);
		if (field === undefined) report("error-shape", error.span, `\`types.error\` has no field \`${name}\``, `add \`${name}\`: ${words}`);
		else if (!fits(field.type))
			report(
				"error-shape",
				field.type.span,
				`field \`${name}\` of \`types.error\` has another type than bindings fill in`,
				`it is ${words}`,
			);
	}
	const codes = types?.types.find((def) => def.name === "error-code");
	if (codes?.kind !== "enum") return;
	for (const code of REQUIRED_CODES) {
		if (!codes.cases.some((each) => each.name === code))
			report("error-shape", codes.span, `\`types.error-code\` has no case \`${code}\``, "bindings answer with it");
	}
};

function isPrimitive(type: TypeRef, name: string): boolean {
	return type.kind === "primitive" && type.name === name;
}
