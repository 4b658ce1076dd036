/** Members of a JSON object that was not checked yet. */
export type Members = Readonly<Record<string, unknown>>;

/** Returns the members of an object. @throws Error that names `path`. */
export function membersOf(value: unknown, path: string): Members {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${path}: must be an object`);
	return Object.fromEntries(Object.entries(value));
}

/** Returns a list. @throws Error that names the member. */
export function listAt(members: Members, name: string, path: string): readonly unknown[] {
	const value = members[name];
	if (!Array.isArray(value)) throw new Error(`${path}.${name}: must be a list`);
	return value;
}

/** Returns a text that is not empty and matches `pattern`. @throws Error that names the member. */
export function textAt(members: Members, name: string, path: string, pattern = /./): string {
	const value = members[name];
	if (typeof value !== "string" || !pattern.test(value)) throw new Error(`${path}.${name}: must be a text that matches ${pattern.source}`);
	return value;
}

/** Returns a list of texts. @throws Error that names the member. */
export function textsAt(members: Members, name: string, path: string): readonly string[] {
	return listAt(members, name, path).map((value, index) => {
		if (typeof value !== "string") throw new Error(`${path}.${name}[${index}]: must be a text`);
		return value;
	});
}

/** Returns a positive whole number. @throws Error that names the member. */
export function integerAt(members: Members, name: string, path: string): number {
	const value = members[name];
	if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
	throw new Error(`${path}.${name}: must be a positive whole number`);
}

/** Returns a truth value. @throws Error that names the member. */
export function booleanAt(members: Members, name: string, path: string): boolean {
	const value = members[name];
	if (typeof value !== "boolean") throw new Error(`${path}.${name}: must be true or false`);
	return value;
}

/** Returns the one of `known` that `value` equals. @throws Error that lists them. */
export function oneOf<T extends string>(known: readonly T[], value: unknown, path: string): T {
	const found = known.find((candidate) => candidate === value);
	if (found === undefined) throw new Error(`${path}: must be one of ${known.join(", ")}`);
	return found;
}
