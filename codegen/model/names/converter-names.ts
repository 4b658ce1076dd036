/** Names of the functions that convert the values of one type. No two of them are equal, because the ends tell them apart. */
import { camelCase, constantCase } from "./spelling.ts";

export type Conversion = "to-ir" | "from-ir" | "from-wire" | "to-wire";

const ENDS = { "to-ir": "ToIr", "from-ir": "FromIr", "from-wire": "FromWire", "to-wire": "ToWire" } as const;

/** `message` → `messageToIr`. */
export function converterName({ name }: { readonly name: string }, conversion: Conversion): string {
	return `${camelCase(name)}${ENDS[conversion]}`;
}

/** `finish-reason` → `FINISH_REASON_NAMES`: the table of the names of an enum or of flags. */
export function namesTable({ name }: { readonly name: string }): string {
	return `${constantCase(name)}_NAMES`;
}
