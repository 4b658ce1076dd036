import type { CoreSignature } from "../../binary/core-interface.ts";
import type { FlatType, FunctionNode } from "./type-node.ts";

/** Most core values of parameters. More are passed in memory. */
export const MAX_FLAT_PARAMS = 16;

/** Most core values of a result. More are passed in memory. */
export const MAX_FLAT_RESULTS = 1;

/** Returns the core values of types one after another. */
export function concatFlat(types: readonly FlatType[]): FlatType {
	let letters = "";
	for (const type of types) {
		letters += type;
		if (letters.length > MAX_FLAT_PARAMS) return letters.slice(0, MAX_FLAT_PARAMS + 1);
	}
	return letters;
}

/** Returns the core values of a variant: the discriminant, and for each place of the payloads a value that holds all of them. */
export function variantFlat(payloads: readonly FlatType[]): FlatType {
	let letters = "";
	for (const payload of payloads) letters = joinFlat(letters, payload);
	return concatFlat(["i", letters]);
}

/** Returns the signature of the core function that a lift calls. */
export function liftedSignature({ params, result }: FunctionNode): CoreSignature {
	return `${spill(paramsFlat(params), MAX_FLAT_PARAMS)}>${spill(result?.measure.flat ?? "", MAX_FLAT_RESULTS)}`;
}

/** Returns the signature of the core function that frees the result of a lifted function. */
export function postReturnSignature({ result }: FunctionNode): CoreSignature {
	return `${spill(result?.measure.flat ?? "", MAX_FLAT_RESULTS)}>`;
}

/** Returns the signature of the core function that a lower makes. A result in memory has its address as the last parameter. */
export function loweredSignature({ params, result }: FunctionNode): CoreSignature {
	const results = result?.measure.flat ?? "";
	const inMemory = results.length > MAX_FLAT_RESULTS;
	return `${spill(paramsFlat(params), MAX_FLAT_PARAMS)}${inMemory ? "i" : ""}>${inMemory ? "" : results}`;
}

/** Returns the core values of parameters. */
export function paramsFlat(params: FunctionNode["params"]): FlatType {
	return concatFlat(params.map(({ type }) => type.measure.flat));
}

function spill(flat: FlatType, most: number): string {
	return flat.length > most ? "i" : flat;
}

/** Returns for each place a value that holds those of both types. */
function joinFlat(one: FlatType, other: FlatType): FlatType {
	if (one.startsWith(other)) return one;
	if (other.startsWith(one)) return other;
	let letters = "";
	for (let place = 0; place < one.length || place < other.length; place += 1) {
		const letter = one[place] ?? other[place] ?? "";
		letters += join(letter, other[place] ?? letter);
	}
	return letters;
}

function join(one: string, other: string): string {
	if (one === other) return one;
	return (one === "i" && other === "f") || (one === "f" && other === "i") ? "i" : "I";
}
