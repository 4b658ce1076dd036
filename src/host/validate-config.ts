import type { Settings } from "../config/settings.ts";
import { BackendSet } from "./backend-set.ts";
import type { HostOptions } from "./host.ts";
import { checkMcpPackage } from "./mcp-package.ts";
import { networkOf } from "./network-of.ts";
import { kindsWith, readSettings } from "./read-settings.ts";
import { sealSecretOf } from "./seal-secret.ts";
import { type Environment, SecretSources } from "./secret-sources.ts";

/**
 * Checks a configuration as a host does before it starts, and starts none: no directory is created, and no upstream is contacted.
 *
 * @throws ConfigError with every fault and its position; SpearError `invalid_request` for a file that cannot be read.
 */
export async function validateConfig(config: HostOptions["config"], env: Environment): Promise<Settings> {
	const read = await readSettings(config, kindsWith([]));
	const secrets = new SecretSources(env);
	sealSecretOf(read.settings, secrets, read.faults);
	checkMcpPackage(read.settings, read.faults);
	await networkOf(read.settings, env, read.faults);
	const backends = new BackendSet(secrets, Math.random);
	backends.prepare(read).commit();
	await backends.close();
	return read.settings;
}
