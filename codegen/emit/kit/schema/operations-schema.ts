/** The closed sets that the families span together, for schemas that are not made from WIT to refer to. */
import type { Abi } from "../../../model/abi.ts";
import { TRANSPORTS } from "../../../model/abi.ts";
import { notice, witSource } from "../header.ts";
import { DIALECT, type JsonSchema, schemaFileName } from "./json-schema.ts";

export const OPERATIONS_MODULE = "operations";

/** `$defs` `Operation`, `Transport` and `Feature`, as `ir/operations.ts` declares them as types. */
export function operationsSchema(abi: Abi): JsonSchema {
	const families = abi.families.map((family) => `- \`${family.operation}\`: ${firstParagraph(family.interface.docs.text)}`);
	return {
		$schema: DIALECT,
		$id: schemaFileName(OPERATIONS_MODULE),
		$comment: notice(abi.families.map((family) => witSource(family.interface))),
		description: "Names of the operations, and of what a backend that serves them may offer.",
		$defs: {
			Operation: {
				description: ["The name of an operation.", families.join("\n")].join("\n\n"),
				...oneOfNames(abi.families.map((family) => family.operation)),
			},
			Transport: { description: "The shape of an exchange.", ...oneOfNames(TRANSPORTS) },
			Feature: { description: "A capability that a payload may demand of a backend.", ...oneOfNames(abi.features) },
		},
	};
}

/** One of some names; of none, no value at all: an `enum` must not be empty. */
function oneOfNames(names: readonly string[]): JsonSchema {
	return names.length === 0 ? { type: "string", not: {} } : { type: "string", enum: [...names] };
}

function firstParagraph(text: string): string {
	return (text.split("\n\n")[0] ?? "").replaceAll("\n", " ");
}
