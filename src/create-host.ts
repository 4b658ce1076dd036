/** The composition root: the one place where concrete classes are put together. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { ASYNC_IMPORTS } from "../generated/host/imports.ts";
import type { BackendConfig, Config } from "../generated/ir/config.ts";
import { backendKinds, disabledBackendKinds } from "../generated/registry.ts";
import { Agent } from "./agent.ts";
import { type Backend, BackendConfigError } from "./backends/backend.ts";
import { ConfigError } from "./config/config-error.ts";
import { checkConfig, parseConfig } from "./config/parse.ts";
import { type NamedBackend, type Settings, settingsOf } from "./config/settings.ts";
import { fileFault } from "./errors/file-fault.ts";
import { SpearError } from "./errors/spear-error.ts";
import { loadComponent } from "./host/load.ts";
import { GuestMedia } from "./media/guest-media.ts";
import type { Guest } from "./media/piece.ts";
import { MediaStore } from "./media/store.ts";
import { buildInstance } from "./router/build-instances.ts";
import type { Instance } from "./router/instance.ts";
import { roundRobin } from "./router/policy.ts";
import { Router } from "./router/router.ts";
import { createLogger, type Logger, neverThrows } from "./telemetry/logger.ts";
import { createRedactor } from "./telemetry/redact.ts";

export interface HostOptions {
	/**
	 * The configuration: a value in the shape of spear.toml, or the path of such a file. Without one the host serves every
	 * guest by the embedded `stub` backend, which needs no key and no network.
	 */
	readonly config?: Config | string | URL;
	/** Where keys are read from, by the names in the configuration; `process.env` when absent. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Takes the host's log instead of standard error. Lines that reach it this way are not redacted by the host. */
	readonly logger?: Logger;
}

/** What one backend instance offers, for listings. Holds no URL and no key. */
export interface BackendSummary {
	readonly name: string;
	readonly kind: string;
	/** By operation. An empty list of models means: any model a request names. */
	readonly operations: Readonly<
		Record<string, { readonly features: readonly string[]; readonly transports: readonly string[]; readonly models: readonly string[] }>
	>;
	/** Whether the key it needs is set; true for one that needs none. */
	readonly hasKey: boolean;
	readonly inFlight: number;
}

export interface LoadOptions {
	/** Gives the loading up. */
	readonly signal?: AbortSignal;
	/**
	 * Who the guest is: agents loaded under one name have their media, and the quota for it, in common, and find it again after the
	 * host was started anew if `[media] dir` is set. Without a name every loaded agent is a guest of its own.
	 */
	readonly guest?: string;
}

/** A running host: loads agents, lends them its backends, ends everything on `close`. */
export interface Host {
	/**
	 * Loads a component: the path of a `.wasm` file or of a directory that `spear build` prepared, or a component's bytes.
	 *
	 * @throws SpearError `invalid_request` for what is not a component, imports something the host lacks, or needs a package
	 * that is not installed.
	 */
	load(source: string | URL | Uint8Array, options?: LoadOptions): Promise<Agent>;
	/** The configured backend instances. */
	backends(): BackendSummary[];
	/** Aborts every run, closes every backend. Safe to call twice. */
	close(): Promise<void>;
}

/**
 * Makes a host.
 *
 * @throws ConfigError for a configuration that cannot be used, with every fault by its key; SpearError
 * `backend_not_enabled` when it names a backend kind that this build leaves out.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
	const env = options.env ?? process.env;
	const { config, source } = await readConfig(options.config);
	const settings = settingsOf(config, { enabled: backendKinds, disabled: disabledBackendKinds }, source);
	const redact = createRedactor(() => secretsOf(settings, env));
	const logger = neverThrows(
		options.logger ?? createLogger({ level: settings.logLevel, write: (line) => process.stderr.write(line), redact }),
	);
	const instances = createInstances(settings, env, source);
	const router = new Router({ instances, policy: roundRobin(), routes: settings.routes, now: () => performance.now() });
	const media = await MediaStore.open(settings.media, {
		onFault: (cause) => logger.warn({ err: cause }, "a file of the media store could not be removed"),
	});
	const abort = new AbortController();
	const agents = new Set<Agent>();
	let closing: Promise<void> | undefined;
	return {
		async load(componentSource, loadOptions = {}) {
			if (abort.signal.aborted) throw new SpearError("cancelled", "the host is closed");
			const component = await loadComponent(componentSource, {
				asyncImports: Object.values(ASYNC_IMPORTS).flat(),
				maxMemoryBytes: settings.maxMemoryBytes,
				...(settings.cacheDir === undefined ? {} : { cacheDirectory: settings.cacheDir }),
				signal: AbortSignal.any([abort.signal, ...(loadOptions.signal === undefined ? [] : [loadOptions.signal])]),
			});
			const agent = new Agent(component, {
				router,
				logger,
				redact,
				limits: settings.limits,
				media: new GuestMedia(media, guestOf(loadOptions.guest)),
				signal: abort.signal,
				onClose: (closed) => agents.delete(closed),
				normalize: {
					newRequestId: randomUUID,
					wallClock: Date.now,
					maxTimeoutMs: (operation) => Math.min(settings.routes.get(operation)?.timeoutMs ?? settings.timeoutMs, settings.timeoutMs),
				},
			});
			agents.add(agent);
			return agent;
		},
		backends: () => instances.map(summary),
		close() {
			closing ??= (async () => {
				abort.abort(new SpearError("cancelled", "the host is closing"));
				await Promise.all([...agents].map((agent) => agent.close()));
				await Promise.all(instances.map((instance) => instance.backend.close()));
				await media.close();
			})();
			return closing;
		},
	};
}

function guestOf(name: string | undefined): Guest {
	if (name === undefined) return { id: `agent-${randomUUID()}`, lasting: false };
	if (name === "") throw new SpearError("invalid_request", "guest: it must be a name of at least one character");
	return { id: `guest-${name}`, lasting: true };
}

async function readConfig(config: HostOptions["config"]): Promise<{ config: Config; source: string }> {
	if (config === undefined) return { config: {}, source: "the embedded default" };
	if (typeof config !== "string" && !(config instanceof URL)) return { config: checkConfig(config, "config"), source: "config" };
	const source = config instanceof URL ? config.pathname : config;
	try {
		return { config: parseConfig(await readFile(config, "utf8"), source), source };
	} catch (thrown) {
		if (thrown instanceof ConfigError) throw thrown;
		throw new SpearError("invalid_request", `${source}: ${fileFault(thrown)}`, { cause: thrown });
	}
}

function createInstances(settings: Settings, env: HostOptions["env"] & {}, source: string): Instance[] {
	return settings.backends.map((entry) => {
		const { config, kind, name } = entry;
		const apiKey = (): string | undefined => keyOf(config, env);
		return buildInstance(createBackend(entry, apiKey, source), {
			name,
			kind: kind.name,
			models: entry.models,
			operations: entry.operations,
			features: entry.features,
			transports: config.transports,
			hasKey: () => config.api_key_env === undefined || apiKey() !== undefined,
		});
	});
}

function createBackend({ name, kind, config }: NamedBackend, apiKey: () => string | undefined, source: string): Backend {
	try {
		return kind.create(
			{
				name,
				kind: kind.name,
				models: config.models ?? [],
				options: config.options ?? {},
				...(config.base_url === undefined ? {} : { base_url: config.base_url }),
				...(config.headers === undefined ? {} : { headers: config.headers }),
			},
			{ apiKey },
		);
	} catch (thrown) {
		if (thrown instanceof BackendConfigError) throw new ConfigError(source, [thrown.message]);
		throw thrown;
	}
}

function secretsOf(settings: Settings, env: HostOptions["env"] & {}): string[] {
	return settings.backends.flatMap(({ config }) => {
		const key = keyOf(config, env);
		return key === undefined ? [] : [key];
	});
}

/** The key as the environment has it now, without the line break or blanks that come along from files; undefined when there is none. */
function keyOf({ api_key_env: name }: BackendConfig, env: HostOptions["env"] & {}): string | undefined {
	return (name === undefined ? undefined : env[name]?.trim()) || undefined;
}

function summary(instance: Instance): BackendSummary {
	return {
		name: instance.name,
		kind: instance.kind,
		operations: Object.fromEntries(
			[...instance.operations].map(([name, { features, transports, models }]) => [
				name,
				{ features: [...features], transports: [...transports], models: [...models] },
			]),
		),
		hasKey: instance.hasKey(),
		inFlight: instance.inFlight,
	};
}
