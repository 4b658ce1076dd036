import { createMask, REDACTED, type Redact } from "./secrets.ts";

/** A token that an upstream masked in part, such as `sk-ab12****wxyz`. Bounded, because the text comes from outside. */
const MASKED = /[\w.-]{0,64}\*{3,}[\w.-]{0,64}/g;

/**
 * Returns a redactor for text from an upstream. Replaces every form of the secrets, and tokens that the upstream masked in part.
 *
 * Only whole secrets are compared. Otherwise a guest whose text the upstream repeats could guess a secret part by part.
 */
export function createUpstreamRedactor(secrets: readonly (string | undefined)[]): Redact {
	let mask: Redact | undefined;
	return (text, options) => {
		// Created when it is needed: most exchanges succeed.
		mask ??= createMask(secrets.filter((secret) => secret !== undefined));
		return mask(text, options).replace(MASKED, REDACTED);
	};
}
