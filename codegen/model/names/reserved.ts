/** Names that generated code cannot take from WIT as they are. A name from WIT never ends in `_`, so one with `_` appended is free. */

/** Words that cannot name a variable, parameter or function in a module. */
const RESERVED = new Set(
	(
		"arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
		"for function if implements import in instanceof interface let new null package private protected public return static super " +
		"switch this throw true try typeof undefined var void while with yield"
	).split(" "),
);

/** Types of the language and its library that generated declarations refer to. A type of that name would hide them. */
const LIBRARY_TYPES = new Set(
	(
		"Array AsyncIterable BigInt64Array BigUint64Array Disposable Exclude Extract Float32Array Float64Array Int16Array Int32Array " +
		"Int8Array Map Object Partial Promise PromiseLike Readonly ReadonlyArray ReadonlyMap ReadonlySet Record Set Symbol Uint16Array Uint32Array " +
		"Uint8Array"
	).split(" "),
);

/** `name`, with `_` appended where JavaScript would not take it for a binding. Members of objects need no such care. */
export function safeIdentifier(name: string): string {
	return RESERVED.has(name) ? `${name}_` : name;
}

/** Words that begin a type of the language. A namespace of that name could not be referred to. */
const TYPE_WORDS = new Set(
	"any asserts bigint boolean infer intrinsic keyof never number object readonly string symbol undefined unique unknown".split(" "),
);

/** `name`, with `_` appended where TypeScript would not take it for the namespace of a type. */
export function safeNamespace(name: string): string {
	return TYPE_WORDS.has(name) ? `${name}_` : name;
}

/** The member of an interface in TypeScript: one called `new` in quotes, because without them the interface could be constructed. */
export function signatureName(member: string): string {
	return member === "new" ? '"new"' : member;
}

/** `name`, with `_` appended where generated declarations mean a type of the library by it. */
export function safeTypeName(name: string): string {
	return LIBRARY_TYPES.has(name) ? `${name}_` : name;
}
