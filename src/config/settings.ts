import type { BackendConfig, Config } from "../../generated/ir/config.ts";
import { FEATURES, type Feature, OPERATIONS, type Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../backends/backend.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import type { MediaSettings } from "../media/media-settings.ts";
import type { RoutePolicy } from "../router/filter.ts";
import { ConfigError } from "./config-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import { hostPattern } from "./host-pattern.ts";

/** A checked configuration with every default filled in. */
export interface Settings {
	readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
	readonly timeoutMs: number;
	readonly maxMemoryBytes: number;
	readonly cacheDir: string | undefined;
	readonly limits: GuestLimits;
	readonly media: MediaSettings;
	readonly backends: readonly NamedBackend[];
	readonly routes: ReadonlyMap<Operation, RouteSettings>;
}

export interface RouteSettings extends RoutePolicy {
	readonly timeoutMs?: number;
}

export interface NamedBackend {
	readonly name: string;
	readonly kind: BackendKind;
	readonly config: BackendConfig;
	/** Operations and features it is restricted to, when the configuration says so. */
	readonly operations: readonly Operation[] | undefined;
	readonly features: readonly Feature[] | undefined;
	/** Models by the name guests use, in the order of the configuration. */
	readonly models: readonly { readonly name: string; readonly operations: readonly Operation[] | undefined }[];
}

/** The instance a host without configured backends gets: answers made up on the spot, and named so. */
const EMBEDDED: Readonly<Record<string, BackendConfig>> = { stub: { kind: "stub" } };

export interface Kinds {
	readonly enabled: readonly BackendKind[];
	/** Kinds this build leaves out. */
	readonly disabled: readonly string[];
}

/**
 * Fills in defaults and checks what a schema cannot: names that refer to something.
 *
 * @throws ConfigError listing every fault; SpearError `backend_not_enabled` for a kind this build leaves out.
 */
export function settingsOf(config: Config, kinds: Kinds, source: string): Settings {
	const faults: string[] = [];
	const declared = config.backends ?? {};
	const backends = Object.entries(Object.keys(declared).length === 0 ? EMBEDDED : declared).flatMap(([name, backend]) => {
		const kind = findKind(backend.kind, kinds, `backends.${name}.kind`, faults);
		const operations = known(backend.operations, OPERATION_NAMES, `backends.${name}.operations`, faults);
		const features = known(backend.features, FEATURES, `backends.${name}.features`, faults);
		const models = (backend.models ?? []).map((model, index) =>
			typeof model === "string"
				? { name: model, operations: undefined }
				: {
						name: model.name,
						operations: known(model.operations, OPERATION_NAMES, `backends.${name}.models[${index}].operations`, faults),
					},
		);
		return kind === undefined ? [] : [{ name, kind, config: backend, operations, features, models }];
	});
	const names = backends.map((backend) => backend.name);
	const routes = new Map<Operation, RouteSettings>();
	for (const [key, route] of Object.entries(config.routes ?? {})) {
		const [operation] = known([key], OPERATION_NAMES, "routes", faults) ?? [];
		known(route.allow, names, `routes.${key}.allow`, faults);
		known(route.deny, names, `routes.${key}.deny`, faults);
		if (operation !== undefined) {
			routes.set(operation, {
				...(route.allow === undefined ? {} : { allow: route.allow }),
				...(route.deny === undefined ? {} : { deny: route.deny }),
				...(route.timeout_ms === undefined ? {} : { timeoutMs: route.timeout_ms }),
			});
		}
	}
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
		routes,
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

const OPERATION_NAMES = Object.keys(OPERATIONS).filter(isOperation);

function isOperation(name: string): name is Operation {
	return Object.hasOwn(OPERATIONS, name);
}

function findKind(name: string, kinds: Kinds, key: string, faults: string[]): BackendKind | undefined {
	const kind = kinds.enabled.find((candidate) => candidate.name === name);
	if (kind !== undefined) return kind;
	if (kinds.disabled.includes(name)) {
		throw new SpearError(
			"backend_not_enabled",
			`${key}: the backend kind '${name}' is left out of this build; enable it in codegen.config.json and run codegen again`,
		);
	}
	const names = kinds.enabled.map((candidate) => candidate.name);
	faults.push(`${key}: no backend kind is called '${name}'${didYouMean(name, names)}; there are: ${names.join(", ")}`);
	return undefined;
}

/** The names that are known; each of the others is a fault. */
function known<N extends string>(names: readonly string[] | undefined, all: readonly N[], key: string, faults: string[]): N[] | undefined {
	return names?.flatMap((name) => {
		const match = all.find((candidate) => candidate === name);
		if (match === undefined) faults.push(`${key}: '${name}' is not known${didYouMean(name, all)}; known are: ${all.join(", ")}`);
		return match === undefined ? [] : [match];
	});
}
