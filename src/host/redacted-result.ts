import { createMask, type Redact } from "../redaction/secrets.ts";

/** Members of results in which an upstream names itself. All others are content, which is delivered as the model made it. */
const NAMES = ["id", "model"] as const;

/** Most keys whose redactors are kept. A rotated key leaves one behind. */
const MAX_KEYS = 64;

/** Redactors by key. Building one costs more than a whole answer. */
export class KeyMasks {
	readonly #masks = new Map<string, Redact>();

	/** Returns the redactor of a key. */
	of(key: string): Redact {
		const known = this.#masks.get(key);
		if (known !== undefined) return known;
		if (this.#masks.size >= MAX_KEYS) this.#masks.clear();
		const mask = createMask([key]);
		this.#masks.set(key, mask);
		return mask;
	}
}

/** Returns a result whose `id` and `model` do not repeat the key of the call. */
export function redactedResult<T extends object>(result: T, redact: Redact): T {
	let clean = result;
	for (const name of NAMES) {
		const text: unknown = Reflect.get(result, name);
		if (typeof text !== "string") continue;
		const shown = redact(text);
		if (shown !== text) clean = { ...clean, [name]: shown };
	}
	return clean;
}
