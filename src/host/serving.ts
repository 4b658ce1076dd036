import { createHash } from "node:crypto";
import type { GuestRunSettings } from "../config/guest-run-settings.ts";
import type { ServeSettings } from "../config/serve-settings.ts";
import { isSecretFile, type SecretSources } from "./secret-sources.ts";

/** Length of the shortest key of a client or of the admin API, in characters. Shorter ones can be guessed. */
const MIN_LENGTH = 16;

/** The part of a configuration for `spear serve`, with digests in place of keys. */
export interface Serving extends ServeSettings {
	/** Names of the clients by the SHA-256 digest of their key, in hexadecimal digits. */
	readonly clientsByDigest: ReadonlyMap<string, string>;
	/** SHA-256 digest of the key of the admin API. Absent without one: there is no admin API then. */
	readonly adminDigest: Buffer | undefined;
	/** Returns the limits of a run of a guest, in milliseconds. A client may set lower ones. */
	readonly runCaps: (guest: string) => RunCaps;
	/** Returns true if a backend passes a member of a request that the ABI has no field for. */
	readonly passesMember: (name: string) => boolean;
	/** Keys that cannot be used, in words. Whom they belong to cannot use the server. */
	readonly faults: readonly string[];
}

/** Limits of a run. Absent members stand for no limit. */
export type RunCaps = Pick<GuestRunSettings, "timeoutMs" | "cpuMs">;

/** Adds the keys of a server to its settings. */
export function servingOf(
	settings: ServeSettings,
	secrets: SecretSources,
	{ runCaps, passesMember }: Pick<Serving, "runCaps" | "passesMember">,
): Serving {
	return { ...settings, ...readServerKeys(settings, secrets), runCaps, passesMember };
}

/** Reads the keys of a server's clients and of its admin API. */
export function readServerKeys(
	settings: ServeSettings,
	secrets: SecretSources,
): Pick<Serving, "clientsByDigest" | "adminDigest" | "faults"> {
	const faults: string[] = [];
	const clientsByDigest = new Map<string, string>();
	for (const { name, key } of settings.clients.values()) {
		const where = `[clients.${name}]`;
		const digest = "sha256" in key ? key.sha256 : digestOf(key.name, secrets, where, faults)?.toString("hex");
		if (digest === undefined) continue;
		const other = clientsByDigest.get(digest);
		if (other === undefined) clientsByDigest.set(digest, name);
		else faults.push(`${where}: it has the key of [clients.${other}]; give each client a key of its own`);
	}
	const { adminKeyName } = settings.server;
	const adminDigest = adminKeyName === undefined ? undefined : digestOf(adminKeyName, secrets, "[server] admin key", faults);
	const admin = adminDigest?.toString("hex") ?? "";
	const client = clientsByDigest.get(admin);
	if (client !== undefined) {
		clientsByDigest.delete(admin);
		faults.push(`[clients.${client}]: it has the key of the admin API; give each a key of its own`);
	}
	return { clientsByDigest, adminDigest, faults };
}

function digestOf(name: string, secrets: SecretSources, where: string, faults: string[]): Buffer | undefined {
	const key = secrets.get(name);
	if (key !== undefined && key.length >= MIN_LENGTH) return createHash("sha256").update(key).digest();
	const fault = secrets.fault(name);
	const unset = isSecretFile(name) ? `${name} is empty` : `the environment variable ${name} is not set`;
	const missing = fault === undefined ? unset : `${name}: ${fault}`;
	faults.push(`${where}: ${key === undefined ? missing : `${name} must hold at least ${MIN_LENGTH} random characters`}`);
	return undefined;
}
