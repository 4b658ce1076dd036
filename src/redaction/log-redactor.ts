import { createMask, type Redact } from "./secrets.ts";

/**
 * Returns a redactor for the host's log, the last check before a line is written. An upstream may have echoed a key, or a
 * dependency may have printed a header.
 *
 * @param secrets Returns the values to hide. Called for each text, so that rotated keys are covered.
 */
export function createLogRedactor(secrets: () => Iterable<string>): Redact {
	let known: readonly string[] = [];
	let mask = createMask(known);
	return (text, options) => {
		const now = [...secrets()];
		if (now.length !== known.length || now.some((secret, index) => secret !== known[index])) {
			known = now;
			mask = createMask(now);
		}
		return mask(text, options);
	};
}
