/** Returns the paths of the members in which two values differ, such as `messages.0.content`. */
export function differences(ours: unknown, theirs: unknown, path = ""): string[] {
	if (!isTree(ours) || !isTree(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) return Object.is(ours, theirs) ? [] : [path];
	const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
	return [...names].flatMap((name) => differences(ours[name], theirs[name], path === "" ? name : `${path}.${name}`));
}

function isTree(value: unknown): value is { readonly [name: string]: unknown } {
	return typeof value === "object" && value !== null;
}
