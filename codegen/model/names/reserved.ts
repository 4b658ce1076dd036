/** Names from WIT that JavaScript keeps for itself. */

/** Words that cannot name a variable, parameter or function in a module. */
const RESERVED = new Set(
	(
		"arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
		"for function if implements import in instanceof interface let new null package private protected public return static super " +
		"switch this throw true try typeof var void while with yield"
	).split(" "),
);

/** `name`, with `_` appended where JavaScript would not take it for a binding. Members of objects need no such care. */
export function safeIdentifier(name: string): string {
	return RESERVED.has(name) ? `${name}_` : name;
}
