import type { Faults } from "../config/faults.ts";
import type { Settings } from "../config/settings.ts";
import type { Environment } from "./backend-set.ts";

/** Length of the shortest secret, in characters. A guest could find a shorter one by trying it on a part that it received. */
const MIN_LENGTH = 32;

/**
 * Returns the secret that hosts share to accept each other's opaque parts, or `undefined` for a random one. Adds a fault for a variable
 * that is not set, or that holds a short secret.
 */
export function sealSecretOf({ sealKeyName }: Pick<Settings, "sealKeyName">, env: Environment, faults: Faults): string | undefined {
	if (sealKeyName === undefined) return undefined;
	const secret = env[sealKeyName]?.trim() ?? "";
	if (secret.length >= MIN_LENGTH) return secret;
	const fault =
		secret === ""
			? `the environment variable ${sealKeyName} is not set`
			: `${sealKeyName} must hold at least ${MIN_LENGTH} random characters`;
	faults.add(["host", "seal_key_env"], fault);
	return undefined;
}
