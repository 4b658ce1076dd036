import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import type { Environment } from "./backend-set.ts";

/** Length of the shortest secret, in characters. A guest could find a shorter one by trying it on a part that it received. */
const MIN_LENGTH = 32;

/**
 * Returns the secret that hosts share to accept each other's opaque parts, or `undefined` for a random one.
 *
 * @throws ConfigError for a variable that is not set, or that holds a short secret.
 */
export function sealSecretOf({ sealKeyName }: Pick<Settings, "sealKeyName">, env: Environment, source: string): string | undefined {
	if (sealKeyName === undefined) return undefined;
	const secret = env[sealKeyName]?.trim() ?? "";
	if (secret === "") throw new ConfigError(source, [`host.seal_key_env: the environment variable ${sealKeyName} is not set`]);
	if (secret.length < MIN_LENGTH) {
		throw new ConfigError(source, [`host.seal_key_env: ${sealKeyName} must hold at least ${MIN_LENGTH} random characters`]);
	}
	return secret;
}
