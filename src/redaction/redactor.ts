const MASK = "[redacted]";

/** Secrets shorter than this are not searched for: they would match by accident. */
const SHORTEST = 6;

/**
 * Replaces every secret in a text. The last line of defence: nothing should put a key there in the first place, but an
 * upstream may echo one, and a dependency may print a header.
 *
 * @param secrets Gives the values to hide, read anew each time so that a rotated key is covered.
 */
export function createRedactor(secrets: () => Iterable<string>): (text: string) => string {
	return (text) => {
		let clean = text;
		for (const secret of secrets()) {
			if (secret.length < SHORTEST) continue;
			for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
				clean = clean.replaceAll(form, MASK);
			}
		}
		return clean;
	};
}
