/** Names of backend kinds that a configuration can use: lower-case words joined by `-`. */
const KIND_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Longest name, in characters. */
const MAX_LENGTH = 64;

/** Returns true if a text can name a backend kind. */
export function isKindName(name: string): boolean {
	return name.length <= MAX_LENGTH && KIND_NAME.test(name);
}

/** The rule of names in words, for messages. */
export const KIND_NAME_RULE = `use lower-case words joined by '-', at most ${MAX_LENGTH} characters, such as 'my-backend'`;
