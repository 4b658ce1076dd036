import { MIN_SECRET_LENGTH } from "./secret-forms.ts";

/** Length from which letters alone are no ordinary word, in characters. */
const MAX_WORD_LENGTH = 16;

/** Returns the reason for which a secret cannot be removed well from texts, or `undefined` for a strong secret. */
export function weaknessOf(secret: string): string | undefined {
	if (secret.length < MIN_SECRET_LENGTH) {
		return `the key is shorter than ${MIN_SECRET_LENGTH} characters, so error messages and log lines that repeat it show it; use a longer key`;
	}
	if (/^[a-z]+$/i.test(secret) && secret.length < MAX_WORD_LENGTH) {
		return "the key may be an ordinary word, which [redacted] replaces in error messages and log lines; use a random key";
	}
	return undefined;
}
