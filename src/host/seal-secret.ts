import type { Faults } from "../config/faults.ts";
import type { Settings } from "../config/settings.ts";
import { isSecretFile, type SecretSources } from "./secret-sources.ts";

/** Length of the shortest secret, in characters. A guest could find a shorter one by trying it on a part that it received. */
const MIN_LENGTH = 32;

/**
 * Returns the secret that hosts share to accept each other's opaque parts, or `undefined` for a random one. Adds a fault for a variable
 * that is not set, for a file that cannot be used, and for a short secret.
 */
export function sealSecretOf({ sealKeyName }: Pick<Settings, "sealKeyName">, secrets: SecretSources, faults: Faults): string | undefined {
	if (sealKeyName === undefined) return undefined;
	const secret = secrets.get(sealKeyName) ?? "";
	if (secret.length >= MIN_LENGTH) return secret;
	const missing = secrets.fault(sealKeyName) ?? `the environment variable ${sealKeyName} is not set`;
	const fault = secret === "" ? missing : `${sealKeyName} must hold at least ${MIN_LENGTH} random characters`;
	faults.add(["host", isSecretFile(sealKeyName) ? "seal_key_file" : "seal_key_env"], fault);
	return undefined;
}
