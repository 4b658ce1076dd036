/** Bounds the errors that a generated validator collects, and with them the time that it takes. */

/**
 * Errors after which a loop over items or members ends. A value with this many errors in one list needs no more. Without a bound,
 * a list of n invalid items would cost n copies of up to n errors.
 */
export const MAX_LOOP_ERRORS = 32;

/** Loop over the items of a list. */
const OVER_ITEMS = /^for\(let (\w+)=0; \1<(\w+); \1\+\+\)\{$/;
/** Loop over the members of an object. */
const OVER_MEMBERS = /^for\(const \w+ in \w+\)\{$/;
/** Loop of `uniqueItems` over strings, which stops at the first error. */
const OVER_UNIQUE = /^for\(;\w+--;\)\{$/;

/**
 * Returns ajv's code with every loop ended after {@link MAX_LOOP_ERRORS} errors of its own. A loop that ends early has errors, so a
 * branch of `oneOf` or `if` is still decided by the same rule. Requires code with one statement a line.
 *
 * @throws Error for a form of loop that is not known here: a schema uses a keyword that none used before. Such a loop needs a bound too.
 */
export function boundErrors(code: string): string {
	let loops = 0;
	return code.replace(/\bfor ?\(.*/g, (loop: string) => {
		const before = `errorsBefore${loops++}`;
		if (OVER_ITEMS.test(loop))
			return `const ${before} = errors;\n${loop.replace(/; (?=\w+\+\+)/, ` && errors - ${before} < ${MAX_LOOP_ERRORS}; `)}`;
		if (OVER_MEMBERS.test(loop)) return `const ${before} = errors;\n${loop}\nif(errors - ${before} >= ${MAX_LOOP_ERRORS})break;`;
		if (OVER_UNIQUE.test(loop)) return loop;
		throw new Error(`a validator has a loop without a bound of errors: ${loop}; add it to codegen/emit/validators/bound-errors.ts`);
	});
}
