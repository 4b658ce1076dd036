import type { Redact } from "./secrets.ts";

/** Largest text that is redacted whole, in characters. Messages and log lines show a tenth of it. */
const MAX_REDACTED = 16 * 1024;

/** Length of the end that is dropped from a cut text, in characters. More than any form of a secret, of which a part may be left there. */
const DROPPED_END = 8 * 1024;

/** Redacts the beginning of a text of any size. Cuts before redacting, because an upstream may send megabytes. */
export function redactBeginning(text: string, redact: Redact): string {
	return text.length <= MAX_REDACTED ? redact(text) : redact(text.slice(0, MAX_REDACTED)).slice(0, -DROPPED_END);
}
