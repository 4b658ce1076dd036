import { secretForms } from "./secret-forms.ts";
import { SecretMatcher } from "./secret-matcher.ts";

/** Replaces secrets in a text. */
export type Redact = (text: string, options?: RedactOptions) => string;

export interface RedactOptions {
	/** True if the host has cut the text at its end, where a part of a secret may be left. The default is false. */
	readonly cut?: boolean;
}

/** Text that replaces a secret. */
export const REDACTED = "[redacted]";

/** Longest escape of one character, such as `\\u0041`, in characters. */
const MAX_ESCAPE_LENGTH = 7;

/** Returns a function that replaces every form of the secrets. */
export function createMask(secrets: Iterable<string>): Redact {
	const matcher = new SecretMatcher(secretForms(secrets));
	return (text, { cut = false } = {}) => {
		const clean = matcher.replace(text, REDACTED);
		// Removes the end whatever the end is. A comparison with the secrets would answer a guest that guesses a beginning.
		return cut ? clean.slice(0, Math.max(0, clean.length - MAX_ESCAPE_LENGTH * matcher.longest)) : clean;
	};
}
