import { maskForms, REDACTED, type Redact, secretForms } from "./secrets.ts";

/**
 * Length of the shortest prefix of a secret that is replaced at the end of a text, in characters. Shorter prefixes would match
 * ordinary words.
 */
const MIN_PREFIX_LENGTH = 4;

/** A token that an upstream masked in part, such as `sk-ab12****wxyz`. Bounded, because the text comes from outside. */
const MASKED = /[\w.-]{0,64}\*{3,}[\w.-]{0,64}/g;

/**
 * Returns a redactor for text from an upstream. Replaces every form of the secrets, their masked form, and a prefix of a secret at
 * the end of the text, which may have been cut there.
 */
export function createUpstreamRedactor(secrets: readonly (string | undefined)[]): Redact {
	const forms = secretForms(secrets.filter((secret) => secret !== undefined));
	return (text) => forms.reduce(withoutPrefixAtEnd, maskForms(text, forms)).replace(MASKED, REDACTED);
}

function withoutPrefixAtEnd(text: string, form: string): string {
	for (let length = Math.min(form.length - 1, text.length); length >= MIN_PREFIX_LENGTH; length--) {
		if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + REDACTED;
	}
	return text;
}
