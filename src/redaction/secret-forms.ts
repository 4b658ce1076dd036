/** Length of the shortest secret that is replaced, in characters. Shorter values (`none`, `EMPTY`) would match unrelated text. */
export const MIN_SECRET_LENGTH = 6;

/** Length of the shortest part of a base64 text that is replaced. Shorter parts would match unrelated text. */
const MIN_BASE64_LENGTH = 6;

/**
 * Returns the spellings of the secrets that a matcher cannot decode character by character: plain, and in base64 and base64url.
 * The matcher reads escapes of characters itself. Too short secrets have no forms.
 */
export function secretForms(secrets: Iterable<string>): ReadonlySet<string> {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (secret.length < MIN_SECRET_LENGTH) continue;
		forms.add(secret);
		// A character beyond ASCII is several percent-encoded bytes, which the matcher does not join.
		if (/[^\0-\x7f]/.test(secret) && secret.isWellFormed()) forms.add(encodeURIComponent(secret));
		for (const text of [secret, `:${secret}`, `${secret}:`]) addBase64(forms, Buffer.from(text).toString("base64"));
		for (const offset of [1, 2] as const) addBase64(forms, base64Within(secret, offset));
	}
	return forms;
}

/**
 * Returns the part of a base64 text that depends on the secret alone, if `offset` bytes stand before the secret in a group of three.
 * This covers `user:key` for every user.
 */
function base64Within(secret: string, offset: 1 | 2): string {
	const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
	return bytes.toString("base64").slice(offset + 1, Math.floor((bytes.length * 8) / 6));
}

function addBase64(forms: Set<string>, base64: string): void {
	const text = base64.replaceAll("=", "");
	if (text.length >= MIN_BASE64_LENGTH) forms.add(text).add(text.replaceAll("+", "-").replaceAll("/", "_"));
}
