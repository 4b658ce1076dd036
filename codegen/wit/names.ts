/** The rules of WIT for names. @see https://component-model.bytecodealliance.org/design/wit.html */

/** Words that need a leading `%` to serve as a name. */
export const KEYWORDS: ReadonlySet<string> = new Set(
	(
		"as async bool borrow char constructor enum error-context export f32 f64 flags from func future import include " +
		"interface list map option own package record resource result s16 s32 s64 s8 static stream string tuple type " +
		"u16 u32 u64 u8 use variant with world"
	).split(" "),
);

const LABEL = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*$/;

/** Words joined by single hyphens, each all lower or all upper case, the first beginning with a letter. */
export function isKebabCase(name: string): boolean {
	return LABEL.test(name);
}

/** The nearest valid spelling: `fooBar_baz` becomes `foo-bar-baz`. May still be invalid when nothing usable is left. */
export function toKebabCase(name: string): string {
	return name
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^[-0-9]+|-+$/g, "");
}
