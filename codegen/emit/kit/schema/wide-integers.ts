/** 64-bit integers in JSON: decimal text, because programs read numbers of JSON as `f64`, which has no more than 53 bits. */
import type { JsonSchema } from "./json-schema.ts";

export type WideInteger = "u64" | "s64";

/** Definitions of the two types. No type of WIT has their names, because those begin with a capital letter here. */
export const WIDE_INTEGERS: { readonly [name in WideInteger]: JsonSchema } = {
	u64: { description: "Unsigned integer of 64 bits, in decimal.", type: "string", pattern: `^(?:${upTo(2n ** 64n - 1n)})$` },
	s64: {
		description: "Signed integer of 64 bits, in decimal.",
		type: "string",
		pattern: `^(?:${upTo(2n ** 63n - 1n)}|-(?:${positiveUpTo(2n ** 63n)}))$`,
	},
};

/** Expression of the integers from 0 to a limit. */
function upTo(limit: bigint): string {
	return `0|${positiveUpTo(limit)}`;
}

/** Expression of the integers from 1 to a limit: those with fewer digits, then those that are smaller from some digit on, then the limit. */
function positiveUpTo(limit: bigint): string {
	const digits = String(limit);
	const smaller = [...digits].flatMap((digit, index) => {
		const least = index === 0 ? 1 : 0;
		const most = Number(digit) - 1;
		return most < least ? [] : [`${digits.slice(0, index)}[${least}-${most}]${anyDigits(digits.length - index - 1)}`];
	});
	return [`[1-9][0-9]{0,${digits.length - 2}}`, ...smaller, digits].join("|");
}

function anyDigits(count: number): string {
	return count === 0 ? "" : `[0-9]{${count}}`;
}
