import { maskForms, type Redact, secretForms } from "./secrets.ts";

/**
 * Returns a redactor for the host's log, the last check before a line is written. An upstream may have echoed a key, or a
 * dependency may have printed a header.
 *
 * @param secrets Returns the values to hide. Called for each text, so that rotated keys are covered.
 */
export function createLogRedactor(secrets: () => Iterable<string>): Redact {
	return (text) => maskForms(text, secretForms(secrets()));
}
