import type { ConfigPath } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { looksLikeKey } from "./looks-like-key.ts";
import { secretPath } from "./secret-path.ts";

/**
 * Returns the name of the variable, or the absolute path of the file, that holds a secret. `undefined` if neither is named. Adds a fault if both are, and for a key in place of a
 * name.
 *
 * @param variable Value of `<key>_env`.
 * @param file Value of `<key>_file`.
 * @param key Path of the two members, without `_env` and `_file`.
 */
export function secretName(
	variable: string | undefined,
	file: string | undefined,
	key: readonly [...ConfigPath, string],
	faults: Faults,
): string | undefined {
	const table = key.slice(0, -1);
	const name = String(key.at(-1));
	if (variable !== undefined && looksLikeKey(variable))
		faults.add([...table, `${name}_env`], "this looks like a key; put it into an environment variable, and the name of the variable here");
	if (file === undefined) return variable;
	const member = [...table, `${name}_file`];
	if (variable !== undefined) faults.add(member, `cannot stand beside ${name}_env; name one of them`);
	return secretPath(file, member, faults);
}
