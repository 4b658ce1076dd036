import type { CoreSignature } from "../binary/core-interface.ts";

const NAMES: ReadonlyMap<string, string> = new Map([
	["i", "i32"],
	["I", "i64"],
	["f", "f32"],
	["F", "f64"],
]);

/** Most types that a message lists. */
const MAX_TYPES = 20;

/** Returns a signature as a message shows it: `(i32, i64) -> i32`. */
export function signatureText(signature: CoreSignature): string {
	const [parameters = "", results = ""] = signature.split(">");
	const result = listOf(results);
	return `(${listOf(parameters)}) -> ${results.length === 1 ? result : `(${result})`}`;
}

function listOf(letters: string): string {
	const names = [...letters.slice(0, MAX_TYPES)].map((letter) => NAMES.get(letter) ?? "a reference or vector");
	return [...names, ...(letters.length > MAX_TYPES ? ["…"] : [])].join(", ");
}
