import type { Redact } from "./secrets.ts";

/** Largest text that is redacted, in characters. Messages and log lines show an eighth of it. */
const MAX_REDACTED = 16 * 1024;

/** Redacts the beginning of a text of any size. Cuts before redacting, because an upstream may send megabytes. */
export function redactBeginning(text: string, redact: Redact): string {
	return redact(text.slice(0, MAX_REDACTED), { cut: text.length > MAX_REDACTED });
}
