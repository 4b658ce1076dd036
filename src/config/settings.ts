import type { BackendConfig, Config } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import type { MediaSettings } from "../media/media-settings.ts";
import type { GuestSettings, RouterSettings, RouteSettings } from "../router/settings.ts";
import { backendSettings, type Kinds, type NamedBackend } from "./backend-settings.ts";
import { ConfigError } from "./config-error.ts";
import { hostPattern } from "./host-pattern.ts";
import { guestSettings, routeSettings } from "./route-settings.ts";
import { routerSettings } from "./router-settings.ts";

/** A checked configuration with every default filled in. */
export interface Settings {
	readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
	readonly timeoutMs: number;
	readonly maxMemoryBytes: number;
	readonly cacheDir: string | undefined;
	readonly limits: GuestLimits;
	readonly media: MediaSettings;
	readonly backends: readonly NamedBackend[];
	readonly router: RouterSettings;
	readonly routes: ReadonlyMap<Operation, RouteSettings>;
	/** By the name guests are loaded under; `*` for those not named. */
	readonly guests: ReadonlyMap<string, GuestSettings>;
}

/** The instance a host without configured backends gets: answers made up on the spot, and named so. */
const EMBEDDED: Readonly<Record<string, BackendConfig>> = { stub: { kind: "stub" } };

/**
 * Fills in defaults and checks what a schema cannot: names that refer to something.
 *
 * @throws ConfigError listing every fault; SpearError `backend_not_enabled` for a kind this build leaves out.
 */
export function settingsOf(config: Config, kinds: Kinds, source: string): Settings {
	const faults: string[] = [];
	const declared = config.backends ?? {};
	const backends = Object.entries(Object.keys(declared).length === 0 ? EMBEDDED : declared).flatMap(
		([name, backend]) => backendSettings(name, backend, kinds, faults) ?? [],
	);
	const names = Object.keys(Object.keys(declared).length === 0 ? EMBEDDED : declared);
	const routes = routeSettings(config.routes, names, faults);
	const guests = guestSettings(config.guests, names, faults);
	const media = mediaSettings(config.media ?? {}, faults);
	if (faults.length > 0) throw new ConfigError(source, faults);
	return {
		logLevel: config.host?.log_level ?? "warn",
		timeoutMs: config.host?.timeout_ms ?? 120_000,
		maxMemoryBytes: config.host?.max_memory_bytes ?? 268_435_456,
		cacheDir: config.host?.cache_dir,
		limits: {
			maxIterations: config.limits?.max_iterations ?? 8,
			maxTotalToolCalls: config.limits?.max_total_tool_calls ?? 32,
			maxToolOutputBytes: config.limits?.max_tool_output_bytes ?? 65_536,
			streamBufferBytes: config.limits?.stream_buffer_bytes ?? 262_144,
			maxLogBytes: config.limits?.max_log_bytes ?? 8_192,
			maxHandles: config.limits?.max_handles ?? 1_024,
			maxRealtimeSessions: config.limits?.max_realtime_sessions ?? 4,
			maxRealtimeMs: (config.limits?.max_realtime_s ?? 3600) * 1000,
			realtimeIdleMs: (config.limits?.realtime_idle_s ?? 300) * 1000,
			realtimeQueueBytes: config.limits?.realtime_queue_bytes ?? 4_194_304,
		},
		media,
		backends,
		router: routerSettings(config.router),
		routes,
		guests,
	};
}

function mediaSettings(config: NonNullable<Config["media"]>, faults: string[]): MediaSettings {
	const allowedHosts = (config.allowed_hosts ?? []).flatMap((entry) => {
		const pattern = hostPattern(entry);
		if (pattern === undefined) faults.push(`media.allowed_hosts: '${entry}' is not a host; write e.g. cdn.example.com or *.example.com`);
		return pattern === undefined ? [] : [pattern];
	});
	return {
		dir: config.dir,
		maxBytes: config.max_bytes ?? 268_435_456,
		quotaBytes: config.quota_bytes ?? 1_073_741_824,
		maxCallBytes: config.max_call_bytes ?? 16_777_216,
		expiresAfterS: config.expires_after_s ?? 86_400,
		allowedHosts,
		allowPrivateAddresses: config.allow_private_addresses ?? false,
	};
}
