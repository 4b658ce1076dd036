/** Puts the few helpers of ajv's run-time library that its code asks for into the code itself. */

const HELPERS: { readonly [module: string]: string } = {
	"ajv/dist/runtime/ucs2length": `(text) => {
		let length = 0;
		for (const _ of text) length++;
		return length;
	}`,
	"ajv/dist/runtime/equal": `function equal(a, b) {
		if (a === b) return true;
		if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a !== a && b !== b;
		if (Array.isArray(a) !== Array.isArray(b)) return false;
		const keys = Object.keys(a);
		return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
	}`,
};

/** @throws Error when the code asks for a helper that is not known here: a schema uses a keyword that none used before. */
export function inlineRuntime(code: string): string {
	const inlined = code.replace(/require\("([^"]+)"\)(?:\.default)?/g, (_whole, module: string) => {
		const helper = HELPERS[module];
		if (helper === undefined)
			throw new Error(`a validator needs ${module} at run time; add it to codegen/emit/validators/inline-runtime.ts`);
		return helper;
	});
	return inlined.replace(/^"use strict";\n?/, "");
}
