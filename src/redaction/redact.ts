/** Takes what must not be seen out of a text. */
export type Redact = (text: string) => string;

/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Values shorter than this are no secrets (`none`, `EMPTY`), and taking them out would only garble. */
const SHORTEST_SECRET = 6;

/** The shortest beginning of a secret that is taken out at the end of a text that may have been cut. */
const SHORTEST_FRAGMENT = 4;

/** A token that someone masked half-heartedly, e.g. `sk-ab12****wxyz`. Bounded, as what matches it comes from outside. */
const MASKED = /[\w.-]{0,64}\*{3,}[\w.-]{0,64}/g;

/**
 * Makes a redactor for text that comes from an upstream: it takes out every secret, plain, as inside a JSON string or
 * percent-encoded, its masked form, and the beginning of one on which the text breaks off.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redact {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (secret === undefined || secret.length < SHORTEST_SECRET) continue;
		forms.add(secret).add(JSON.stringify(secret).slice(1, -1)).add(encodeURIComponent(secret));
	}
	const longestFirst = [...forms].sort((a, b) => b.length - a.length);
	return (text) => {
		let clean = text;
		for (const form of longestFirst) clean = clean.replaceAll(form, REDACTED);
		for (const form of longestFirst) clean = withoutCutSecret(clean, form);
		return clean.replace(MASKED, REDACTED);
	};
}

function withoutCutSecret(text: string, secret: string): string {
	for (let length = Math.min(secret.length - 1, text.length); length >= SHORTEST_FRAGMENT; length--) {
		if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED;
	}
	return text;
}

/** Longest upstream text that goes into a message for a guest. */
const MAX_GUEST_TEXT = 300;

/** An upstream's words in a form a guest may see: redacted, on one line, without URLs or the upstream's name, and short. */
export function guestText(text: string, exchange: { readonly hostname: string; readonly redact: Redact }): string {
	const line = exchange
		.redact(text)
		.replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>)\]]*/gi, "[url]")
		.replaceAll(exchange.hostname, "[host]")
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
		.replace(/[\s\u0000-\u001f\u007f]+/g, " ")
		.trim();
	return shorten(line, MAX_GUEST_TEXT);
}

/** Cuts a text to so many characters, and says so with an ellipsis. */
export function shorten(text: string, max: number): string {
	return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
