/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

/** Text that replaces a secret. */
export const REDACTED = "[redacted]";

/** Length of the shortest secret, in characters. Shorter values (`none`, `EMPTY`) would match unrelated text. */
const MIN_SECRET_LENGTH = 6;

/** Returns every form in which a text may hold one of the secrets: plain, inside a JSON string, percent-encoded. Longest first. */
export function secretForms(secrets: Iterable<string>): readonly string[] {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (secret.length < MIN_SECRET_LENGTH) continue;
		forms.add(secret).add(JSON.stringify(secret).slice(1, -1)).add(encodeURIComponent(secret));
	}
	// Longest first: replacing a form that is part of another would leave the rest of the longer one.
	return [...forms].sort((a, b) => b.length - a.length);
}

/** Replaces every occurrence of the forms. */
export function maskForms(text: string, forms: readonly string[]): string {
	return forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}
