/** The composition root: the one place where concrete classes are put together. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ASYNC_IMPORTS } from "../../generated/host/imports.ts";
import type { Config } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { backendKinds, disabledBackendKinds } from "../../generated/registry.ts";
import { loadComponent } from "../abi/component/load.ts";
import { ConfigError } from "../config/config-error.ts";
import { OPERATION_NAMES } from "../config/known.ts";
import { checkConfig, parseConfig } from "../config/parse.ts";
import { type Settings, settingsOf } from "../config/settings.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";
import { GuestMedia } from "../media/guest-media.ts";
import type { Guest } from "../media/media-object.ts";
import { MediaStore } from "../media/store.ts";
import { createRedactor } from "../redaction/redactor.ts";
import type { RouteExplanation } from "../router/decision/explanation.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { Instance } from "../router/instances/instance.ts";
import { type GuestIdentity, NO_GUEST } from "../router/limits/guests.ts";
import { MemoryLimitStore } from "../router/limits/memory-limit-store.ts";
import type { RoutingConfig } from "../router/route-table.ts";
import { Router } from "../router/router.ts";
import { logMirror } from "../telemetry/log-mirror.ts";
import { createLogger, type Logger, neverThrows } from "../telemetry/logger.ts";
import { systemClock } from "../time/clock.ts";
import { Agent } from "./agent.ts";
import { type BackendDiff, BackendSet, type BackendSetUpdate } from "./backend-set.ts";
import { restartNeeded } from "./restart-needed.ts";
import { envelopeOf, type RouteQuery } from "./route-query.ts";
import { watchFile } from "./watch-file.ts";

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
	/** Goes by the configuration's file anew whenever that changes. Off when absent, and of no effect without a file. */
	readonly watch?: boolean;
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
	/** Its share among backends of one priority. */
	readonly weight: number;
	/** Backends with a lower number go first. */
	readonly priority: number;
}

/** What came of going by another configuration. */
export interface ReloadReport extends BackendDiff {
	/** Keys that have changed and count only after the host is started anew. */
	readonly needRestart: readonly string[];
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
	/** The last decisions of the router, of the sample that `[router.explain]` sets; oldest first. */
	decisions(): readonly RouteDecision[];
	/**
	 * Where such a request would go now, and why. Contacts no backend.
	 *
	 * @throws SpearError `not_permitted` for a policy that the host does not let requests choose.
	 */
	explain(query: RouteQuery): RouteExplanation;
	/**
	 * Goes by another configuration from the next decision on: the one given, else the file or value the host was made with, read anew. What is under
	 * way ends as it began; backends that stay what they are keep what the router knows of them; the others are closed when nothing
	 * uses them any more.
	 *
	 * @throws ConfigError for one that cannot be used, with every fault: then everything stays as it is.
	 */
	reload(config?: HostOptions["config"]): Promise<ReloadReport>;
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
	const fleet = new BackendSet(options.env ?? process.env, Math.random);
	const first = await readSettings(options.config);
	let { settings } = first;
	const redact = createRedactor(() => fleet.secrets());
	const logger = neverThrows(
		options.logger ?? createLogger({ level: settings.logLevel, write: (line) => process.stderr.write(line), redact }),
	);
	const prepared = fleet.prepare(settings, first.source);
	prepared.commit();
	const router = new Router({
		...routingOf(settings, prepared),
		clock: systemClock,
		random: Math.random,
		wallClock: Date.now,
		store: new MemoryLimitStore(systemClock),
		onMirror: (record) => logMirror(record, logger),
	});
	const media = await MediaStore.open(settings.media, {
		onFault: (cause) => logger.warn({ err: cause }, "a file of the media store could not be removed"),
	});
	const abort = new AbortController();
	const agents = new Set<Agent>();
	/** Backends of former configurations that are still in use. */
	const retiring = new Set<Promise<unknown>>();
	let closing: Promise<void> | undefined;

	const reload = async (config: HostOptions["config"]): Promise<ReloadReport> => {
		if (abort.signal.aborted) throw new SpearError("cancelled", "the host is closed");
		const next = await readSettings(config);
		const fresh = fleet.prepare(next.settings, next.source);
		const needRestart = restartNeeded(settings, next.settings);
		settings = next.settings;
		const retired = fresh.commit();
		const closed = router
			.configure(routingOf(settings, fresh))
			.then(() => Promise.all(retired.map((backend) => backend.close())))
			.catch((cause: unknown) => logger.warn({ err: cause }, "a backend that is of no more use could not be closed"))
			.finally(() => retiring.delete(closed));
		retiring.add(closed);
		logger.info({ ...fresh.diff, needRestart }, "goes by a new configuration");
		return { ...fresh.diff, needRestart };
	};
	// One after the other: two at once would each take the other's backends for those before.
	let reloading: Promise<unknown> = Promise.resolve();
	const reloadInTurn = (config: HostOptions["config"]): Promise<ReloadReport> => {
		const result = reloading.then(() => reload(config ?? options.config));
		reloading = result.catch(() => {});
		return result;
	};
	const unwatch = options.watch === true ? watchConfig(options.config, first.text, reloadInTurn, logger) : () => {};

	return {
		async load(componentSource, loadOptions = {}) {
			if (abort.signal.aborted) throw new SpearError("cancelled", "the host is closed");
			const component = await loadComponent(componentSource, {
				asyncImports: Object.values(ASYNC_IMPORTS).flat(),
				maxMemoryBytes: settings.maxMemoryBytes,
				...(settings.cacheDir === undefined ? {} : { cacheDirectory: settings.cacheDir }),
				signal: AbortSignal.any([abort.signal, ...(loadOptions.signal === undefined ? [] : [loadOptions.signal])]),
			});
			const owner = guestOf(loadOptions.guest);
			const guest: GuestIdentity = { id: owner.id, ...(loadOptions.guest === undefined ? {} : { name: loadOptions.guest }) };
			const agent = new Agent(component, {
				router,
				guest,
				logger,
				redact,
				limits: settings.limits,
				media: new GuestMedia(media, owner),
				signal: abort.signal,
				onClose: (closed) => agents.delete(closed),
				normalize: {
					newRequestId: randomUUID,
					wallClock: Date.now,
					maxTimeoutMs: (operation) => maxTimeoutMs(settings, operation),
				},
			});
			agents.add(agent);
			return agent;
		},
		backends: () => router.instances.map(summary),
		decisions: () => router.decisions,
		explain: (query) =>
			router.explain(envelopeOf(query), query.guest === undefined ? NO_GUEST : { id: guestOf(query.guest).id, name: query.guest }),
		reload: reloadInTurn,
		close() {
			closing ??= (async () => {
				unwatch();
				abort.abort(new SpearError("cancelled", "the host is closing"));
				await reloading;
				router.close();
				await Promise.all([...agents].map((agent) => agent.close()));
				await Promise.all([fleet.close(), ...retiring]);
				await media.close();
			})();
			return closing;
		},
	};
}

function routingOf(settings: Settings, { instances }: BackendSetUpdate): RoutingConfig {
	const routes = new Map(
		OPERATION_NAMES.map((operation) => [operation, { ...settings.routes.get(operation), timeoutMs: maxTimeoutMs(settings, operation) }]),
	);
	return { instances, routes, guests: settings.guests, settings: settings.router };
}

/** The longest a request may take. */
function maxTimeoutMs({ routes, timeoutMs }: Settings, operation: Operation): number {
	return Math.min(routes.get(operation)?.timeoutMs ?? timeoutMs, timeoutMs);
}

function guestOf(name: string | undefined): Guest {
	if (name === undefined) return { id: `agent-${randomUUID()}`, lasting: false };
	if (name === "") throw new SpearError("invalid_request", "guest: it must be a name of at least one character");
	return { id: `guest-${name}`, lasting: true };
}

interface ReadSettings {
	readonly settings: Settings;
	readonly source: string;
	/** The file's text, when it came from one. */
	readonly text?: string;
}

async function readSettings(config: HostOptions["config"]): Promise<ReadSettings> {
	const kinds = { enabled: backendKinds, disabled: disabledBackendKinds };
	const read = (value: Config, source: string): ReadSettings => ({ settings: settingsOf(value, kinds, source), source });
	if (config === undefined) return read({}, "the embedded default");
	if (typeof config !== "string" && !(config instanceof URL)) return read(checkConfig(config, "config"), "config");
	const source = pathOf(config);
	try {
		const text = await readFile(config, "utf8");
		return { ...read(parseConfig(text, source), source), text };
	} catch (thrown) {
		if (thrown instanceof SpearError) throw thrown;
		throw new SpearError("invalid_request", `${source}: ${fileFault(thrown)}`, { cause: thrown });
	}
}

function pathOf(config: string | URL): string {
	return config instanceof URL ? fileURLToPath(config) : config;
}

/** Has the host go by its file anew whenever that holds another text. A file that cannot be used is told of, and nothing changes. */
function watchConfig(
	config: HostOptions["config"],
	text: string | undefined,
	reload: (config: string | URL) => Promise<unknown>,
	logger: Logger,
): () => void {
	if (typeof config !== "string" && !(config instanceof URL)) return () => {};
	let known = text;
	const onChange = async (): Promise<void> => {
		const now = await readFile(config, "utf8").catch(() => undefined);
		// An empty file is one that somebody has begun to write anew: by it the host would answer everybody with made-up text.
		if (now === undefined || now === known || now.trim() === "") return;
		known = now;
		await reload(config).catch((cause: unknown) => {
			const faults = cause instanceof ConfigError ? { faults: cause.faults } : { err: cause };
			logger.error(faults, `${pathOf(config)} is refused, the configuration before it stays`);
		});
	};
	return watchFile(pathOf(config), () => void onChange());
}

function summary(instance: Instance): BackendSummary {
	return {
		name: instance.name,
		kind: instance.kind,
		operations: Object.fromEntries(
			[...instance.operations].map(([name, { features, transports, models }]) => [
				name,
				{ features: [...features], transports: [...transports], models: models.map((model) => model.name) },
			]),
		),
		hasKey: instance.keys.present,
		inFlight: instance.stats.inFlight,
		weight: instance.weight,
		priority: instance.priority,
	};
}
