import { weaknessOf } from "../redaction/weak-secret.ts";
import type { Logger } from "../telemetry/logger.ts";

/** The variable or file of a key, as a backend is configured with it. */
export interface KeyVariable {
	readonly backend: string;
	/** Name of the environment variable, or path of the file. */
	readonly name: string;
	/** Value of the variable, or content of the file. `undefined` if there is none. */
	readonly value: string | undefined;
	/** Reason for which the file cannot be used. The default is none. */
	readonly fault?: string;
	/** True for a file that every user of the machine may read. The default is false. */
	readonly isPublic?: boolean;
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

/** Returns the reason for which the variable or file of a key does not work well, or `undefined` for a good one. */
export function keySourceFault({ name, value, fault, isPublic = false }: Omit<KeyVariable, "backend">): string | undefined {
	if (fault !== undefined) return `${fault}, so the key is not used`;
	return keyFault(value) ?? (isPublic ? `every user of this machine can read the file; chmod o-r ${name}` : undefined);
}

/** Logs the variables and files whose keys do not work well. Reports each fault of a variable once, however often the configuration is reloaded. */
export class KeyWarnings {
	readonly #logger: Logger;
	readonly #reported = new Set<string>();

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	report(variables: Iterable<KeyVariable>): void {
		for (const variable of variables) {
			const { backend, name } = variable;
			const fault = keySourceFault(variable);
			const id = JSON.stringify([backend, name, fault]);
			if (fault === undefined || this.#reported.has(id)) continue;
			this.#reported.add(id);
			this.#logger.warn({ backend, variable: name }, `${name} of backend ${backend}: ${fault}`);
		}
	}
}
