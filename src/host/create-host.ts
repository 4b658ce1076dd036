/** The composition root: the only place that constructs the concrete classes of the layers. */
import { randomUUID } from "node:crypto";
import process from "node:process";
import type { Operation } from "../../generated/ir/operations.ts";
import { loadComponentModule } from "../abi/component/component-module.ts";
import type { Kinds } from "../config/backend-settings.ts";
import type { Settings } from "../config/settings.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type GuestIdentity, guestIdentity, NO_GUEST } from "../identity/guest-identity.ts";
import { GuestMedia } from "../media/guest-media.ts";
import { MediaStore } from "../media/store.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import { PartSeal } from "../normalize/part-seal.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import { createLogRedactor } from "../redaction/log-redactor.ts";
import type { Redact } from "../redaction/secrets.ts";
import type { Instance } from "../router/instances/instance.ts";
import { MemoryLimitStore } from "../router/limits/memory-limit-store.ts";
import type { RoutingConfig } from "../router/route-table.ts";
import { Router } from "../router/router.ts";
import { createLogger, type Logger, neverThrows } from "../telemetry/logger.ts";
import { UpstreamLog } from "../telemetry/upstream-log.ts";
import { systemClock } from "../time/clock.ts";
import type { Network } from "../transport/network.ts";
import { Agent } from "./agent.ts";
import { BackendSet, type BackendSetUpdate } from "./backend-set.ts";
import { type ClientOptions, HostClient } from "./client.ts";
import { watchConfig } from "./config-watcher.ts";
import type { BackendSummary, Host, HostOptions, LoadOptions, ReloadReport } from "./host.ts";
import { KeyWarnings } from "./key-warnings.ts";
import { networkOf } from "./network-of.ts";
import { kindsWith, pathOf, type ReadSettings, readSettings, readText } from "./read-settings.ts";
import { RestartWarnings } from "./restart-needed.ts";
import { envelopeOf, type RouteQuery } from "./route-query.ts";
import { RunQueue } from "./run-queue.ts";
import { sealSecretOf } from "./seal-secret.ts";

/**
 * Creates a host.
 *
 * @throws ConfigError for a configuration that cannot be used, with every fault and its position; its code is `backend_not_enabled` if
 * each fault is a backend kind that this build omits. SpearError `invalid_request` for a file that cannot be read, or two kinds of one
 * name.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
	const kinds = kindsWith(options.kinds ?? []);
	const env = options.env ?? process.env;
	const first = await readSettings(options.config, kinds);
	const { settings } = first;
	const sealSecret = sealSecretOf(settings, env, first.faults);
	const network = await networkOf(settings, env, first.faults);
	const backends = new BackendSet(env, Math.random, network);
	const redact = createLogRedactor(() => [...backends.secrets(), ...network.secrets, ...(sealSecret === undefined ? [] : [sealSecret])]);
	const logger = neverThrows(
		options.logger ?? createLogger({ level: settings.logLevel, write: (line) => process.stderr.write(line), redact }),
	);
	const update = backends.prepare(first);
	const media = await MediaStore.open(settings.media, {
		onFault: (cause) => logger.warn({}, `a file of the media store could not be removed: ${causeChain(cause)}`),
	});
	update.commit();
	const keyWarnings = new KeyWarnings(logger);
	keyWarnings.report(backends.keyVariables());
	if (first.text?.trim() === "") {
		logger.warn({}, `${first.faults.document.source} is empty, so the embedded backend stub answers with made-up text`);
	}
	const upstreams = new UpstreamLog({ logger, now: () => systemClock.now() });
	const router = new Router({
		...routingConfig(settings, update),
		clock: systemClock,
		random: Math.random,
		wallClock: Date.now,
		store: options.limitStore ?? new MemoryLimitStore(systemClock),
		onMirror: (record) => upstreams.recordMirror(record),
	});
	return new RunningHost({
		options,
		kinds,
		first,
		backends,
		network,
		router,
		media,
		logger,
		keyWarnings,
		upstreams,
		redact,
		seal: new PartSeal(sealSecret),
	});
}

interface HostParts {
	readonly options: HostOptions;
	readonly kinds: Kinds;
	/** The configuration that the host was created with. */
	readonly first: ReadSettings;
	readonly backends: BackendSet;
	readonly network: Network;
	readonly router: Router;
	readonly media: MediaStore;
	readonly logger: Logger;
	readonly keyWarnings: KeyWarnings;
	readonly upstreams: UpstreamLog;
	readonly redact: Redact;
	readonly seal: PartSeal;
}

class RunningHost implements Host {
	readonly #parts: HostParts;
	readonly #abort = new AbortController();
	readonly #runs: RunQueue;
	readonly #agents = new Set<Agent>();
	readonly #clients = new Set<HostClient>();
	/** Backends of former configurations that are still in use. */
	readonly #draining = new Set<Promise<unknown>>();
	readonly #unwatch: () => void;
	readonly #restart: RestartWarnings;
	#settings: Settings;
	/** Cache directories whose fault is logged already. */
	readonly #unusableCaches = new Set<string>();
	/** Runs reloads one after the other. Otherwise two reloads would each take the other's backends for the former ones. */
	#reloading: Promise<unknown> = Promise.resolve();
	#closing: Promise<void> | undefined;

	constructor(parts: HostParts) {
		this.#parts = parts;
		this.#settings = parts.first.settings;
		this.#restart = new RestartWarnings(parts.first.settings, parts.logger);
		this.#runs = new RunQueue(this.#settings.runs, { logger: parts.logger, clock: systemClock });
		const { config, watch } = parts.options;
		const watched = watch === true && (typeof config === "string" || config instanceof URL);
		this.#unwatch = watched
			? watchConfig({
					path: pathOf(config),
					text: parts.first.text,
					reload: (text) => this.#reloadBy(() => readText(text, pathOf(config), parts.kinds)),
					logger: parts.logger,
				})
			: () => {};
	}

	async load(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<Agent> {
		this.#refuseWhenClosed();
		const guest = checkedGuest(options.guest);
		const { maxMemoryBytes, cacheDir, limits } = this.#settings;
		const module = await loadComponentModule(source, {
			maxMemoryBytes,
			onUnusableCache: (directory, cause) => this.#warnOfCache(directory, cause),
			...(cacheDir === undefined ? {} : { cacheDirectory: cacheDir }),
			...(options.prepared === undefined ? {} : { prepared: options.prepared }),
			signal: AbortSignal.any([this.#abort.signal, ...(options.signal === undefined ? [] : [options.signal])]),
		});
		const { router, logger, upstreams, redact } = this.#parts;
		const agent = new Agent(module, {
			router,
			guest,
			logger,
			upstreams,
			redact,
			limits,
			media: new GuestMedia(this.#parts.media, guest, { network: this.#parts.network }),
			signal: this.#abort.signal,
			runs: this.#runs,
			onClose: (closed) => this.#agents.delete(closed),
			normalize: this.#normalizeContext,
			clock: systemClock,
		});
		this.#agents.add(agent);
		return agent;
	}

	client(options: ClientOptions = {}): HostClient {
		this.#refuseWhenClosed();
		const guest = options.guest === undefined ? NO_GUEST : checkedGuest(options.guest);
		const { router, logger, upstreams, media, network } = this.#parts;
		const client = new HostClient({
			router,
			guest,
			logger,
			upstreams,
			limits: this.#settings.limits,
			media: new GuestMedia(media, guest, { network }),
			normalize: this.#normalizeContext,
			signal: this.#abort.signal,
			onEvent: options.onEvent ?? (() => {}),
			onClose: (closed) => this.#clients.delete(closed),
		});
		this.#clients.add(client);
		return client;
	}

	backends(): BackendSummary[] {
		return this.#parts.router.instances.map((instance) => summary(instance, this.#parts.backends.missingKeys(instance.name)));
	}

	decisions() {
		return this.#parts.router.decisions;
	}

	explain(query: RouteQuery) {
		return this.#parts.router.explain(envelopeOf(query), query.guest === undefined ? NO_GUEST : checkedGuest(query.guest));
	}

	reload(config: HostOptions["config"] = this.#parts.options.config): Promise<ReloadReport> {
		return this.#reloadBy(() => readSettings(config, this.#parts.kinds));
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	#reloadBy(read: () => ReadSettings | Promise<ReadSettings>): Promise<ReloadReport> {
		const result = this.#reloading.then(() => this.#reload(read));
		this.#reloading = result.catch(() => {});
		return result;
	}

	async #reload(readConfig: () => ReadSettings | Promise<ReadSettings>): Promise<ReloadReport> {
		this.#refuseWhenClosed();
		const { options, backends, router, logger, keyWarnings } = this.#parts;
		const read = await readConfig();
		const { settings } = read;
		refuseEmpty(read);
		// The secret itself changes at a restart only, but a restart must find it.
		sealSecretOf(settings, options.env ?? process.env, read.faults);
		const update = backends.prepare(read);
		const needRestart = this.#restart.neededBy(settings);
		this.#settings = settings;
		this.#runs.resize(settings.runs);
		const removed = update.commit();
		keyWarnings.report(backends.keyVariables());
		const closed = router
			.configure(routingConfig(settings, update))
			.then(() => Promise.all(removed.map((backend) => backend.close())))
			.catch((cause: unknown) => logger.warn({ err: cause }, "a removed backend could not be closed"))
			.finally(() => this.#draining.delete(closed));
		this.#draining.add(closed);
		this.#restart.report(settings);
		logger.info({ ...update.diff, needRestart }, "the configuration was reloaded");
		return { ...update.diff, needRestart };
	}

	async #close(): Promise<void> {
		this.#unwatch();
		this.#abort.abort(new SpearError("cancelled", "the host is closing"));
		await this.#reloading;
		const { backends, router, media } = this.#parts;
		router.close();
		await Promise.all([...this.#agents, ...this.#clients].map((each) => each.close()));
		await Promise.all([backends.close(), ...this.#draining]);
		await media.close();
	}

	get #normalizeContext(): NormalizeContext {
		return {
			newRequestId: randomUUID,
			seal: this.#parts.seal,
			wallClock: Date.now,
			maxTimeoutMs: (operation) => maxTimeoutMs(this.#settings, operation),
		};
	}

	/** Logs once for each directory. Otherwise every load would repeat the line. */
	#warnOfCache(directory: string, err: unknown): void {
		if (this.#unusableCaches.has(directory)) return;
		this.#unusableCaches.add(directory);
		const message = `components cannot be stored in ${directory}, so each is prepared again at every start; set [host] cache_dir to a writable directory`;
		this.#parts.logger.warn({ err }, message);
	}

	#refuseWhenClosed(): void {
		if (this.#abort.signal.aborted) throw new SpearError("cancelled", "the host is closed");
	}
}

function routingConfig(settings: Settings, { instances }: BackendSetUpdate): RoutingConfig {
	const routes = new Map(
		OPERATION_NAMES.map((operation) => [operation, { ...settings.routes.get(operation), timeoutMs: maxTimeoutMs(settings, operation) }]),
	);
	return { instances, routes, guests: settings.guests, settings: settings.router };
}

/** Returns the longest time that a request may take, in milliseconds. */
function maxTimeoutMs({ routes, timeoutMs }: Settings, operation: Operation): number {
	return Math.min(routes.get(operation)?.timeoutMs ?? timeoutMs, timeoutMs);
}

function checkedGuest(name: string | undefined): GuestIdentity {
	if (name === "") throw new SpearError("invalid_request", "guest: it must be a name of at least one character");
	return guestIdentity(name);
}

function summary(instance: Instance, missingKeys: readonly string[]): BackendSummary {
	return {
		name: instance.name,
		kind: instance.kind,
		operations: Object.fromEntries(
			[...instance.operations].map(([name, { features, transports, models }]) => [
				name,
				{
					features: [...features],
					transports: [...transports],
					models: models.map((model) => model.name),
					downgrades: [...(instance.backend.capabilities[name]?.downgrades ?? [])],
				},
			]),
		),
		hasKey: instance.keys.present,
		missingKeys,
		inFlight: instance.stats.inFlight,
		weight: instance.weight,
		priority: instance.priority,
	};
}

/**
 * Adds a fault for a file without text, which is likely a write in progress. Loading it would replace the backends of a running host by the embedded stub.
 */
function refuseEmpty({ text, faults }: ReadSettings): void {
	if (text?.trim() === "") faults.add([], "the file is empty; a host that runs keeps its configuration");
}
