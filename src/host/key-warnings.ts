import { weaknessOf } from "../redaction/weak-secret.ts";
import type { Logger } from "../telemetry/logger.ts";

/** The variable of a key, as a backend is configured with it. */
export interface KeyVariable {
	readonly backend: string;
	/** Name of the environment variable. */
	readonly name: string;
	/** Value of the variable. `undefined` if it is not set. */
	readonly value: string | undefined;
}

/** Faults of a trimmed value that an upstream will not accept as a key. The texts never repeat the value. */
const FAULTS: readonly (readonly [pattern: RegExp, fault: string])[] = [
	[/^$/, "the variable is empty, so the key is not used"],
	[/^".*"$|^'.*'$/s, "the value is in quotes, which belong to no key; set it without them"],
	[/^bearer\s/i, "the value begins with the word Bearer, which the host adds; set the key alone"],
	[/^\$/, "the value begins with '$', so it is likely the name of another variable; set the key itself"],
	[/[\r\n]/, "the value has several lines, and a key has one"],
	[/[^\x21-\x7e]/, "the value holds characters that no header can carry"],
];

/** Returns the reason for which a variable holds no key that works well, or `undefined` for a good one. */
export function keyFault(value: string | undefined): string | undefined {
	if (value === undefined) return "the variable is not set, so the key is not used";
	// A host trims keys, because those from files end in a line break.
	const key = value.trim();
	return FAULTS.find(([pattern]) => pattern.test(key))?.[1] ?? weaknessOf(key);
}

/** Logs the variables whose keys do not work well. Reports each fault of a variable once, however often the configuration is reloaded. */
export class KeyWarnings {
	readonly #logger: Logger;
	readonly #reported = new Set<string>();

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	report(variables: Iterable<KeyVariable>): void {
		for (const { backend, name, value } of variables) {
			const fault = keyFault(value);
			const id = JSON.stringify([backend, name, fault]);
			if (fault === undefined || this.#reported.has(id)) continue;
			this.#reported.add(id);
			this.#logger.warn({ backend, variable: name }, `${name} of backend ${backend}: ${fault}`);
		}
	}
}
