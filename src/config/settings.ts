import type { BackendConfig, Config } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { guestName } from "../errors/guest-name.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import type { McpServerSettings } from "../mcp/settings.ts";
import type { MediaSettings } from "../media/media-settings.ts";
import type { GuestSettings, RouterSettings, RouteSettings } from "../router/settings.ts";
import { backendSettings, type Kinds, type NamedBackend } from "./backend-settings.ts";
import { type ClusterSettings, clusterSettings } from "./cluster-settings.ts";
import { type ConfigPath, isTable, memberOf } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { type GuestRunSettings, guestRunSettings } from "./guest-run-settings.ts";
import { hostPattern } from "./host-pattern.ts";
import { guestMcpServers, mcpServerSettings } from "./mcp-settings.ts";
import { guestSettings, routeSettings } from "./route-settings.ts";
import { routerSettings } from "./router-settings.ts";
import { type RunsSettings, runsSettings } from "./runs-settings.ts";
import { secretPath } from "./secret-path.ts";
import { type ServeSettings, serveSettings } from "./serve-settings.ts";
import { type SharedMediaSettings, sharedMediaSettings } from "./shared-media-settings.ts";
import { type TelemetryOptions, telemetrySettings } from "./telemetry-settings.ts";

/** A checked configuration with every default filled in. */
export interface Settings {
	/** Least severe level that is logged. Absent for the host's default. */
	readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent" | undefined;
	/** Longest time of a call, in milliseconds. Also the deadline of a call that names none. */
	readonly timeoutMs: number;
	/** Most bytes of the memory of one instance of a guest. */
	readonly maxMemoryBytes: number;
	/** Most bytes of the account of one instance. */
	readonly maxInstanceBytes: number;
	/** Most bytes of all accounts together. 0 for no limit. Absent for a share of the machine's memory. */
	readonly maxTotalMemoryBytes: number | undefined;
	/** Limits of live instances and of runs that wait. */
	readonly runs: { readonly maxRunning: number; readonly maxPending: number };
	/** Number of worker threads that wait for guests. */
	readonly workerPool: number;
	/** Place of instances by the name that guests are loaded under. `*` applies to all other guests. */
	readonly isolation: ReadonlyMap<string, Isolation>;
	/** Directory of the components that the engine jco has transpiled. Absent for the user's cache directory. */
	readonly cacheDir: string | undefined;
	/** URL of the proxy for every connection, or `none`. Absent for the proxies of the environment. */
	readonly proxy: string | undefined;
	/** Path of a file with certificates of authorities. Absent for the default authorities alone. */
	readonly caFile: string | undefined;
	/** Name of the variable, or absolute path of the file, with the secret that seals opaque parts. Absent for a random secret. */
	readonly sealKeyName: string | undefined;
	readonly limits: GuestLimits;
	readonly telemetry: TelemetryOptions;
	readonly media: MediaSettings;
	readonly backends: readonly NamedBackend[];
	/** True if the configuration names no backends, so that `backends` is the embedded default. */
	readonly isEmbedded: boolean;
	readonly router: RouterSettings;
	readonly routes: ReadonlyMap<Operation, RouteSettings>;
	/** Settings by the name that guests are loaded under. `*` applies to all other guests. */
	readonly guests: ReadonlyMap<string, GuestSettings>;
	/** Settings of instances, by the names of `guests`. */
	readonly guestRuns: ReadonlyMap<string, GuestRunSettings>;
	/** Servers of tools, by their ids. */
	readonly mcpServers: ReadonlyMap<string, McpServerSettings>;
	/** Ids of the servers that a guest may use, by the names of `guests`. */
	readonly guestMcpServers: ReadonlyMap<string, readonly string[]>;
	/** Settings of `spear serve`. */
	readonly serve: ServeSettings;
	/** Place of the contents of media that hosts share. Absent: each host has its own media. */
	readonly sharedMedia: SharedMediaSettings | undefined;
	/** Several hosts as one system. Absent: a host alone. */
	readonly cluster: ClusterSettings | undefined;
	/** The queue of runs. */
	readonly queue: RunsSettings;
}

/** Place where instances of a guest run: in the thread of the host, or each in a worker thread. */
export type Isolation = "shared" | "worker";

/** Backends of a host without configured backends, by their names. */
export type EmbeddedBackends = Readonly<Record<string, BackendConfig>>;

/** The embedded default of a machine without models. `stub` needs no key and no network, and its answers name it. */
export const STUB_ALONE: EmbeddedBackends = { stub: { kind: "stub" } };

/**
 * Fills in the defaults that the schema documents, and checks what a schema cannot: references between tables. Adds the faults to
 * `faults`; the settings are of no use then.
 *
 * @param config The part of the configuration that its schema accepts.
 * @param embedded Backends of a configuration without any.
 */
export function settingsOf(config: Config, kinds: Kinds, faults: Faults, embedded: EmbeddedBackends): Settings {
	const names = backendNames(faults.document.value);
	const isEmbedded = names?.length === 0;
	const declared = isEmbedded ? embedded : (config.backends ?? {});
	const backends = Object.entries(declared).flatMap(([name, backend]) => backendSettings(name, backend, kinds, faults) ?? []);
	const known = isEmbedded ? Object.keys(embedded) : names;
	const routes = routeSettings(config.routes, known, faults);
	const guests = guestSettings(config.guests, known, faults);
	const maxMemoryBytes = config.host?.max_memory_bytes ?? 268_435_456;
	const media = mediaSettings(config.media ?? {}, faults);
	const cluster = clusterSettings(config.cluster, faults);
	checkDirectory(config.host?.cache_dir, ["host", "cache_dir"], faults);
	checkDirectory(config.media?.dir, ["media", "dir"], faults);
	for (const [id, { cwd }] of Object.entries(config.mcp?.servers ?? {})) checkDirectory(cwd, ["mcp", "servers", id, "cwd"], faults);
	return {
		logLevel: config.host?.log_level,
		timeoutMs: config.host?.timeout_ms ?? 120_000,
		maxMemoryBytes,
		maxInstanceBytes: instanceBytes(config.limits?.max_instance_bytes, maxMemoryBytes, faults),
		maxTotalMemoryBytes: config.host?.max_total_memory_bytes,
		runs: { maxRunning: config.host?.max_running ?? 100, maxPending: config.host?.max_pending_runs ?? 10_000 },
		workerPool: config.host?.worker_pool ?? 1,
		isolation: new Map(Object.entries(config.guests ?? {}).map(([name, { isolation }]) => [name, isolation ?? "shared"])),
		cacheDir: config.host?.cache_dir,
		proxy: config.host?.proxy,
		caFile: config.host?.ca_file,
		sealKeyName: sealKeyName(config.host, faults),
		limits: {
			maxIterations: config.limits?.max_iterations ?? 8,
			maxTotalToolCalls: config.limits?.max_total_tool_calls ?? 32,
			maxToolOutputBytes: config.limits?.max_tool_output_bytes ?? 65_536,
			streamBufferBytes: config.limits?.stream_buffer_bytes ?? 262_144,
			maxLogBytes: config.limits?.max_log_bytes ?? 8_192,
			maxLogLinesPerS: config.limits?.max_log_lines_per_s ?? 200,
			maxLogBytesPerS: config.limits?.max_log_bytes_per_s ?? 262_144,
			maxHostcallBytes: config.limits?.max_hostcall_bytes ?? 25_165_824,
			maxHostcallItems: config.limits?.max_hostcall_items ?? 100_000,
			maxHandles: config.limits?.max_handles ?? 1_024,
			maxRealtimeSessions: config.limits?.max_realtime_sessions ?? 4,
			maxRealtimeMs: (config.limits?.max_realtime_s ?? 3600) * 1000,
			realtimeIdleMs: (config.limits?.realtime_idle_s ?? 300) * 1000,
			realtimeQueueBytes: config.limits?.realtime_queue_bytes ?? 4_194_304,
		},
		telemetry: telemetrySettings(config.telemetry, known, faults),
		media,
		sharedMedia: sharedMediaSettings(config.media, cluster, faults),
		backends,
		isEmbedded,
		router: routerSettings(config.router),
		routes,
		guests,
		guestRuns: guestRunSettings(config.guests, faults),
		mcpServers: mcpServerSettings(config.mcp?.servers, faults),
		guestMcpServers: guestMcpServers(config.guests, memberNames(faults.document.value, "mcp", "servers"), faults),
		serve: serveSettings(config, faults),
		cluster,
		queue: runsSettings(config),
	};
}

function sealKeyName({ seal_key_env, seal_key_file }: NonNullable<Config["host"]> = {}, faults: Faults): string | undefined {
	if (seal_key_file === undefined) return seal_key_env;
	const member = ["host", "seal_key_file"];
	if (seal_key_env !== undefined) faults.add(member, "cannot stand beside seal_key_env; name one of them");
	return secretPath(seal_key_file, member, faults);
}

/** Bytes that the host holds for an instance whose linear memory is as large as it may be. */
const HOST_BYTES = 134_217_728;

function instanceBytes(configured: number | undefined, maxMemoryBytes: number, faults: Faults): number {
	if (configured !== undefined && configured < maxMemoryBytes) {
		faults.add(["limits", "max_instance_bytes"], `must be at least max_memory_bytes of [host], which is ${maxMemoryBytes}`);
	}
	return configured ?? maxMemoryBytes + HOST_BYTES;
}

/** Returns the names of the configured backends, of those with faults too. `undefined` if they are unknown. */
export function backendNames(document: unknown): readonly string[] | undefined {
	return memberNames(document, "backends");
}

/** Returns the keys of the table at a path, also of entries with faults. `undefined` if something else is there. */
function memberNames(document: unknown, ...path: readonly string[]): readonly string[] | undefined {
	let at: unknown = document;
	for (const step of path) {
		at = memberOf(at, step) ?? {};
		if (!isTable(at)) return undefined;
	}
	return isTable(at) ? Object.keys(at) : undefined;
}

function mediaSettings(config: NonNullable<Config["media"]>, faults: Faults): MediaSettings {
	const allowedHosts = (config.allowed_hosts ?? []).flatMap((entry, index) => {
		const pattern = hostPattern(entry);
		if (pattern === undefined) faults.add(["media", "allowed_hosts", index], wrongHost(entry));
		return pattern === undefined ? [] : [pattern];
	});
	return {
		dir: config.shared === undefined ? config.dir : undefined,
		maxBytes: config.max_bytes ?? 268_435_456,
		quotaBytes: config.quota_bytes ?? 1_073_741_824,
		maxCallBytes: config.max_call_bytes ?? 16_777_216,
		expiresAfterS: config.expires_after_s ?? 86_400,
		allowedHosts,
		allowPrivateAddresses: config.allow_private_addresses ?? false,
	};
}

function wrongHost(entry: string): string {
	const host = URL.parse(entry)?.host ?? "";
	const suggestion = hostPattern(host) === undefined ? "" : `; did you mean '${host}'?`;
	return `'${guestName(entry)}' is not a host${suggestion}; write e.g. cdn.example.com, cdn.example.com:8443 or *.example.com:*`;
}

/** Adds a fault for a path that a shell would expand. Otherwise the host would create a directory named `~`. */
function checkDirectory(path: string | undefined, member: ConfigPath, faults: Faults): void {
	if (path !== undefined && /^~|^\$/.test(path)) faults.add(member, "'~' and variables are not expanded; write the whole path");
}
