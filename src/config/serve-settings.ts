import { isIP } from "node:net";
import { resolve } from "node:path";
import type { AgentConfig, ClientConfig, Config, ServerConfig } from "../../generated/ir/config.ts";
import { OPERATIONS } from "../../generated/ir/operations.ts";
import type { ConfigPath } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { known } from "./known.ts";
import { looksLikeKey } from "./looks-like-key.ts";
import { secretName } from "./secret-name.ts";
import { secretPath } from "./secret-path.ts";

/** Settings of `spear serve`: the server, its agents and its clients. */
export interface ServeSettings {
	readonly server: ServerSettings;
	/** Agents over HTTP, by name. */
	readonly agents: ReadonlyMap<string, AgentSettings>;
	/** Clients with a key of their own, by name. */
	readonly clients: ReadonlyMap<string, ClientSettings>;
}

/** Settings of the HTTP server. Sizes are in bytes, times in milliseconds. */
export interface ServerSettings {
	readonly host: string;
	readonly port: number;
	/** Files in PEM. Absent: plain HTTP. */
	readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
	/** Names of the server, without port. Absent: loopback names while there are no clients. */
	readonly allowedHosts: readonly string[] | undefined;
	readonly corsOrigins: readonly string[];
	readonly maxBodyBytes: number;
	readonly maxHeaderBytes: number;
	readonly maxConnections: number;
	readonly maxRequests: number;
	readonly maxTotalBodyBytes: number;
	readonly headerTimeoutMs: number;
	readonly bodyTimeoutMs: number;
	readonly writeTimeoutMs: number;
	readonly keepAliveMs: number;
	readonly drainMs: number;
	readonly accessLog: boolean;
	readonly page: boolean;
	readonly metricsPublic: boolean;
	/** Name of the variable, or absolute path of the file, with the key of the admin API. Absent: there is none. */
	readonly adminKeyName: string | undefined;
}

export interface AgentSettings {
	readonly name: string;
	/** Absolute path. */
	readonly component: string;
	/** Name of the guest. */
	readonly guest: string;
	readonly maxRunning: number;
	readonly maxInputBytes: number;
}

export interface ClientSettings {
	readonly name: string;
	/** Name of the variable or absolute path of the file with the key, or the digest of the key in lower-case hexadecimal digits. */
	readonly key: { readonly name: string } | { readonly sha256: string };
	/** Name of the guest. */
	readonly guest: string;
	/**
	 * Operations, models and agents that the client may use. Absent: all. A model that ends in `*` stands for all that begin so. A client that is limited
	 * to operations or models has agents as well, because agents make calls of their own.
	 */
	readonly operations: readonly string[] | undefined;
	readonly models: readonly string[] | undefined;
	readonly agents: readonly string[] | undefined;
}

/** Returns `[server]`, `[agents]` and `[clients]` with every default filled in. Adds a fault for each reference that leads nowhere. */
export function serveSettings(config: Pick<Config, "server" | "agents" | "clients">, faults: Faults): ServeSettings {
	const agents = new Map(Object.entries(config.agents ?? {}).map(([name, agent]) => [name, agentSettings(name, agent, faults)]));
	const clients = new Map(
		Object.entries(config.clients ?? {}).map(([name, client]) => [name, clientSettings(name, client, [...agents.keys()], faults)]),
	);
	const server = serverSettings(config.server ?? {}, faults);
	if (clients.size === 0 && !isLoopback(server.host))
		faults.add(
			["server", "host"],
			"a server that other machines reach needs clients with keys; add [clients.<name>] with key_env, or listen on 127.0.0.1",
		);
	return { server, agents, clients };
}

function serverSettings(config: ServerConfig, faults: Faults): ServerSettings {
	return {
		host: config.host ?? "127.0.0.1",
		port: config.port ?? 8787,
		tls: tlsFiles(config, faults),
		allowedHosts: config.allowed_hosts?.map((name) => name.toLowerCase()),
		corsOrigins: config.cors_origins ?? [],
		maxBodyBytes: config.max_body_bytes ?? 33_554_432,
		maxHeaderBytes: config.max_header_bytes ?? 16_384,
		maxConnections: config.max_connections ?? 4_096,
		maxRequests: config.max_requests ?? 2_048,
		maxTotalBodyBytes: config.max_total_body_bytes ?? 536_870_912,
		headerTimeoutMs: config.header_timeout_ms ?? 10_000,
		bodyTimeoutMs: config.body_timeout_ms ?? 30_000,
		writeTimeoutMs: config.write_timeout_ms ?? 60_000,
		keepAliveMs: config.keep_alive_ms ?? 75_000,
		drainMs: config.drain_ms ?? 30_000,
		accessLog: config.access_log ?? true,
		page: config.page ?? true,
		metricsPublic: config.metrics_public ?? false,
		adminKeyName: secretName(config.admin_key_env, config.admin_key_file, ["server", "admin_key"], faults),
	};
}

function tlsFiles({ tls_cert_file, tls_key_file }: ServerConfig, faults: Faults): ServerSettings["tls"] {
	if (tls_cert_file !== undefined && tls_key_file !== undefined)
		return {
			certFile: plainPath(tls_cert_file, ["server", "tls_cert_file"], faults),
			keyFile: plainPath(tls_key_file, ["server", "tls_key_file"], faults),
		};
	if (tls_cert_file !== undefined)
		faults.add(["server", "tls_cert_file"], "TLS needs tls_key_file too, the private key of the certificate");
	if (tls_key_file !== undefined) faults.add(["server", "tls_key_file"], "TLS needs tls_cert_file too, the certificate with its chain");
	return undefined;
}

function agentSettings(name: string, config: AgentConfig, faults: Faults): AgentSettings {
	return {
		name,
		component: plainPath(config.component, ["agents", name, "component"], faults),
		guest: config.guest ?? name,
		maxRunning: config.max_running ?? 100,
		maxInputBytes: config.max_input_bytes ?? 4_194_304,
	};
}

function clientSettings(name: string, config: ClientConfig, agents: readonly string[], faults: Faults): ClientSettings {
	const path = ["clients", name];
	if (config.operations !== undefined) known(config.operations, Object.keys(OPERATIONS), [...path, "operations"], faults);
	if (config.agents !== undefined && agents.length > 0) known(config.agents, agents, [...path, "agents"], faults);
	if (config.agents !== undefined && config.agents.length > 0 && agents.length === 0)
		faults.add([...path, "agents"], `there are no agents; add [agents.${config.agents[0]}] with component`);
	return {
		name,
		key: clientKey(config, path, faults),
		guest: config.guest ?? name,
		operations: config.operations,
		models: config.models,
		agents: config.agents ?? (config.operations === undefined && config.models === undefined ? undefined : []),
	};
}

function clientKey(config: ClientConfig, path: ConfigPath, faults: Faults): ClientSettings["key"] {
	const { key_env, key_file, key_sha256 } = config;
	const given = [key_env, key_file, key_sha256].filter((each) => each !== undefined).length;
	if (given !== 1) faults.add(path, "name the key by exactly one of key_env, key_file and key_sha256");
	if (key_sha256 !== undefined) return { sha256: key_sha256.toLowerCase() };
	if (key_file !== undefined) return { name: secretPath(key_file, [...path, "key_file"], faults) };
	if (key_env !== undefined) checkVariable(key_env, [...path, "key_env"], faults);
	return { name: key_env ?? "" };
}

function checkVariable(name: string, path: ConfigPath, faults: Faults): void {
	if (looksLikeKey(name)) faults.add(path, "this looks like a key; put it into an environment variable, and the name of the variable here");
}

/** Returns an absolute path. Adds a fault for a path that a shell would expand. */
function plainPath(path: string, member: ConfigPath, faults: Faults): string {
	if (/^~|^\$/.test(path)) faults.add(member, "'~' and variables are not expanded; write the whole path");
	return resolve(path);
}

/** Returns true for a name or address that only this machine reaches. */
export function isLoopback(host: string): boolean {
	const name = host.toLowerCase();
	if (name === "localhost" || name.endsWith(".localhost") || name === "::1" || name === "[::1]") return true;
	return isIP(name) === 4 && name.startsWith("127.");
}
