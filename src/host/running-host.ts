import { randomUUID } from "node:crypto";
import { parse } from "node:path";
import process from "node:process";
import type { GuestModule, GuestRunLimits } from "../abi/guest-module.ts";
import { inParallel } from "../async/in-parallel.ts";
import type { ConfigState } from "../cluster/host-card.ts";
import { rolledReload } from "../cluster/membership/rolled-reload.ts";
import type { HostSignals } from "../cluster/signals/host-signals.ts";
import type { Kinds } from "../config/backend-settings.ts";
import { configDigest } from "../config/config-digest.ts";
import { runSettingsOf } from "../config/guest-run-settings.ts";
import { mcpServersOf } from "../config/mcp-settings.ts";
import type { Settings } from "../config/settings.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { HostTools } from "../hostcall/host-tools.ts";
import { type GuestIdentity, guestIdentity, NO_GUEST } from "../identity/guest-identity.ts";
import { GuestTools } from "../mcp/guest-tools.ts";
import type { McpServers } from "../mcp/mcp-servers.ts";
import { GuestMedia } from "../media/guest-media.ts";
import type { ObjectStore } from "../media/object-store.ts";
import { TotalMemory } from "../memory/total-memory.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import type { PartSeal } from "../normalize/part-seal.ts";
import type { Redact } from "../redaction/secrets.ts";
import type { Instance } from "../router/instances/instance.ts";
import type { Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";
import { systemClock } from "../time/clock.ts";
import type { Network } from "../transport/network.ts";
import { Agent } from "./agent.ts";
import type { BackendSet } from "./backend-set.ts";
import { backendSummary, modelsByOrigin } from "./backend-summary.ts";
import { CacheWarnings } from "./cache-warnings.ts";
import type { BackendCheck, CheckOptions } from "./check/backend-check.ts";
import { checkBackend } from "./check/check-backend.ts";
import { type ClientOptions, HostClient } from "./client.ts";
import type { ClusterControl } from "./cluster/cluster-control.ts";
import type { HostCluster } from "./cluster/host-cluster.ts";
import { HostLoadMeter, inProgress } from "./cluster/host-load.ts";
import { HostMember } from "./cluster/host-member.ts";
import { closeCluster } from "./cluster/open-cluster.ts";
import { watchConfig } from "./config-watcher.ts";
import { CpuBudgets } from "./cpu-budgets.ts";
import { DeprecationWarnings } from "./deprecation-warnings.ts";
import { EvictionWarnings } from "./eviction-warnings.ts";
import type { PlacedGuest } from "./guest-services.ts";
import type { BackendSummary, EventSource, Host, HostOptions, LoadOptions } from "./host.ts";
import type { KeyWarnings } from "./key-warnings.ts";
import { loadGuest } from "./load-guest.ts";
import { guestLevelOf, logLevelOf } from "./log-level.ts";
import { checkMcpPackage } from "./mcp-package.ts";
import { type MemoryReport, memoryReport } from "./memory-report.ts";
import { passedMembers } from "./passed-members.ts";
import { pathOf, type ReadSettings, readSettings, readText } from "./read-settings.ts";
import type { ReloadReport } from "./reload-report.ts";
import { RestartWarnings } from "./restart-needed.ts";
import { envelopeOf, type RouteQuery } from "./route-query.ts";
import { maxTimeoutMs, routingConfig } from "./routing-config.ts";
import { RunQueue } from "./run-queue.ts";
import { hostRuns, queueOf, type RunsQueue, workerContext } from "./runs/create-runs.ts";
import type { HostRuns } from "./runs/host-runs.ts";
import { type HostWorker, startWorker, type WorkerOptions, type WorkSource } from "./runs/host-worker.ts";
import type { SubmitOptions } from "./runs/submit-options.ts";
import type { SubmittedRunHandle } from "./runs/submitted-run-handle.ts";
import { sealSecretOf } from "./seal-secret.ts";
import { SecretSources } from "./secret-sources.ts";
import { type Serving, servingOf } from "./serving.ts";
import { settingsDiff } from "./settings-diff.ts";
import { sharedGuest } from "./shared-guest.ts";
import { Activities } from "./status/activities.ts";
import type { BackendStatus } from "./status/backend-status.ts";
import { type BackendChange, changedOverride, type HostActivityListener } from "./status/host-activity.ts";
import { type HostStatus, StatusMeter } from "./status/host-status.ts";
import type { HostTelemetry } from "./telemetry/host-telemetry.ts";
import type { HostMetrics } from "./telemetry/telemetry-options.ts";
import { totalMemoryLimit } from "./total-memory-limit.ts";
import { WorkerPool, type WorkerPoolOptions } from "./worker/worker-pool.ts";

/** Longest time for the check of one backend, in milliseconds. */
const CHECK_TIMEOUT_MS = 10_000;

/** Most backends that are checked concurrently. */
const MAX_CHECKS = 8;

/** Parts that `createHost` makes. */
export interface HostParts {
	readonly options: HostOptions;
	readonly kinds: Kinds;
	/** The configuration that the host was created with. */
	readonly first: ReadSettings;
	readonly backends: BackendSet;
	readonly network: Network;
	readonly router: Router;
	readonly media: ObjectStore;
	readonly mcp: McpServers;
	readonly logger: Logger;
	/** Receives the lines of guests. */
	readonly guestLogger: Logger;
	readonly keyWarnings: KeyWarnings;
	readonly upstreams: UpstreamLog;
	readonly telemetry: HostTelemetry;
	readonly redact: Redact;
	readonly seal: PartSeal;
	/** Absent: a host alone. */
	readonly cluster: HostCluster | undefined;
	/** The configuration that the host was created with. */
	readonly config: ConfigState;
	/** Hints from and to other hosts. Absent: a host alone. */
	readonly signals: HostSignals | undefined;
}

/** A host with its agents and clients. */
export class RunningHost implements Host {
	readonly metrics: HostMetrics | undefined;
	readonly cluster: ClusterControl | undefined;
	readonly runs: HostRuns;
	readonly #parts: HostParts;
	readonly #abort = new AbortController();
	readonly #memory: TotalMemory;
	readonly #evictions: EvictionWarnings;
	readonly #runs: RunQueue;
	/** Threads of guests in workers. None is started before such a guest is loaded. */
	readonly #pool: WorkerPool;
	readonly #agents = new Set<Agent>();
	readonly #clients = new Set<HostClient>();
	readonly #workers = new Set<HostWorker>();
	/** The queue of submitted runs. */
	readonly #queue: RunsQueue;
	/** Backends of former configurations that are still in use. */
	readonly #draining = new Set<Promise<unknown>>();
	readonly #unwatch: () => void;
	readonly #restart: RestartWarnings;
	#settings: Settings;
	#config: ConfigState;
	#isReloading = false;
	#isDraining = false;
	readonly #cacheWarnings: CacheWarnings;
	readonly #deprecations: DeprecationWarnings;
	/** Runs reloads one after the other. Otherwise two reloads would each take the other's backends for the former ones. */
	#reloading: Promise<unknown> = Promise.resolve();
	#closing: Promise<void> | undefined;
	readonly #cpuBudgets = new CpuBudgets();
	readonly #reloadListeners = new Set<() => void>();
	readonly #activities: Activities;
	/** Created at the first use: before it, requests cost nothing for it. */
	#meter: StatusMeter | undefined;
	/** Read at the first use after each reload. */
	#serving: Serving | undefined;

	constructor(parts: HostParts) {
		this.#parts = parts;
		this.#settings = parts.first.settings;
		this.#config = parts.config;
		this.#activities = new Activities(parts.router, parts.logger);
		this.#restart = new RestartWarnings(parts.first.settings, parts.logger);
		this.#cacheWarnings = new CacheWarnings(parts.logger);
		this.#deprecations = new DeprecationWarnings(parts.logger);
		this.#evictions = new EvictionWarnings(parts.logger, systemClock);
		this.#memory = new TotalMemory(totalMemoryLimit(this.#settings.maxTotalMemoryBytes));
		this.#runs = new RunQueue(this.#settings.runs, { logger: parts.logger, clock: systemClock, memory: this.#memory });
		this.#pool = new WorkerPool(poolOptions(this.#settings));
		this.#queue = queueOf(parts.cluster);
		this.runs = hostRuns(this.#queue, () => this.#settings, this.#abort.signal);
		this.metrics = parts.telemetry.metrics;
		parts.telemetry.start({
			router: parts.router,
			runs: this.#runs,
			leases: parts.cluster?.leases,
			memoryUsed: () => this.#memory.used,
			agents: this.#agents,
			now: () => systemClock.now(),
			...(parts.cluster === undefined ? {} : { cluster: parts.cluster.membership }),
		});
		this.cluster = parts.cluster === undefined ? undefined : this.#joined(parts.cluster);
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

	/** Shows this host to the other hosts. */
	#joined(cluster: HostCluster): ClusterControl {
		const { router, redact } = this.#parts;
		const { membership, store, reports } = cluster;
		reports.queue = () => inProgress(this.#workers);
		const meter = new HostLoadMeter({ router, runs: this.#runs, reports, clock: systemClock });
		membership.start(
			new HostMember({
				config: () => this.#config,
				state: () => (this.#isDraining ? "draining" : this.#isReloading ? "reloading" : "serving"),
				isReady: () => this.isReady(),
				load: () => meter.load(),
				reload: (dryRun) => this.reload(undefined, { dryRun }),
				redact,
				wallClock: Date.now,
			}),
		);
		return {
			get host() {
				return cluster.host;
			},
			get isReachable() {
				return membership.isReachable;
			},
			status: async () => ({
				host: cluster.host,
				store: store.connection.state,
				list: await membership.hosts(),
				config: this.#config,
			}),
			reload: ({ dryRun = false, signal = this.#abort.signal } = {}) =>
				rolledReload(membership, { clock: systemClock, dryRun, signal: AbortSignal.any([signal, this.#abort.signal]) }),
			drain: () => this.#drain(),
		};
	}

	#drain(): void {
		if (this.#isDraining) return;
		this.#isDraining = true;
		void this.#parts.cluster?.membership.renew();
	}

	get logger(): Logger {
		return this.#parts.logger;
	}

	get logLevel(): Host["logLevel"] {
		return logLevelOf(this.#parts.first.settings, this.#parts.options);
	}

	get guestLogLevel(): Host["guestLogLevel"] {
		return guestLevelOf(this.#parts.first.settings, this.#parts.options);
	}

	async load(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<Agent> {
		this.#refuseWhenClosed();
		this.#parts.backends.refreshModels();
		const guest = checkedGuest(options.guest);
		const placed = await loadGuest(source, options, {
			settings: this.#settings,
			identity: guest,
			pool: this.#pool,
			onUnusableCache: (directory, cause) => this.#cacheWarnings.report(directory, cause),
			onDeprecated: (name, imports) => this.#deprecations.report(name, imports),
			signal: AbortSignal.any([this.#abort.signal, ...(options.signal === undefined ? [] : [options.signal])]),
		});
		return this.#agentOf(placed, guest, options.title ?? guestTitle(guest, source));
	}

	/** @internal Loads a guest that is code of this process. */
	loadModule(module: GuestModule, options: Pick<LoadOptions, "guest"> = {}): Agent {
		this.#refuseWhenClosed();
		const guest = checkedGuest(options.guest);
		return this.#agentOf(sharedGuest(module, 0), guest, guest.name ?? guest.id);
	}

	#agentOf(placed: PlacedGuest, guest: GuestIdentity, title: string): Agent {
		const { maxInstanceBytes, limits } = this.#settings;
		const { router, logger, guestLogger, upstreams, redact, telemetry } = this.#parts;
		const agent = new Agent(placed, {
			router,
			guest,
			title,
			logger,
			guestLogger,
			upstreams,
			observe: (trace) => telemetry.observe(guest, trace),
			redact,
			limits,
			maxInstanceBytes,
			totalMemory: this.#memory,
			onEvict: (evicted, error) => this.#evictions.report(evicted, error),
			media: new GuestMedia(this.#parts.media, guest, { network: this.#parts.network }),
			hostTools: (onEvent) => this.#hostTools(guest, onEvent),
			signal: this.#abort.signal,
			runs: this.#runs,
			weight: () => runSettingsOf(this.#settings.guestRuns, guest.name).weight,
			runLimits: () => this.#runLimits(guest),
			onClose: (closed) => {
				this.#agents.delete(closed);
				// A guest without a name is never loaded again.
				if (guest.name === undefined) this.#pool.forget(guest.id);
			},
			normalize: this.#normalizeContext,
			clock: systemClock,
			onEvent: this.#listenerOf(guest),
		});
		this.#agents.add(agent);
		return agent;
	}

	/** Returns the host-wide listener for the events of a guest. `undefined` for none. */
	#listenerOf(guest: GuestIdentity): HostEventListener | undefined {
		const { options, logger } = this.#parts;
		const { onEvent } = options;
		if (onEvent === undefined) return undefined;
		const source: EventSource = guest === NO_GUEST ? {} : { guest: guest.name ?? guest.id };
		return (event) => {
			try {
				onEvent(event, source);
			} catch (cause) {
				logger.error({ err: cause }, `the host-wide listener for events failed at one of type ${event.type}`);
			}
		};
	}

	/** Returns the tools of the host for one instance of a guest. The servers that the guest may use are those of the configuration at each call. */
	#hostTools({ name }: GuestIdentity, onEvent: HostEventListener): HostTools | undefined {
		if (this.#settings.mcpServers.size === 0) return undefined;
		const { mcp, redact } = this.#parts;
		const allowed = (): readonly string[] => mcpServersOf(this.#settings.guestMcpServers, name);
		return new GuestTools({ servers: mcp, allowed, redact, clock: systemClock, onCall: onEvent });
	}

	/** Returns the limits of a run of a guest. All runs of the guest share one budget of CPU time. */
	#runLimits({ id, name }: GuestIdentity): GuestRunLimits {
		const { sliceMs, timeoutMs, cpuMs, cpuMsPerMinute } = runSettingsOf(this.#settings.guestRuns, name);
		return {
			sliceMs,
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(cpuMs === undefined ? {} : { cpuMs }),
			...(cpuMsPerMinute === undefined ? {} : { budget: this.#cpuBudgets.budgetOf(id, cpuMsPerMinute) }),
		};
	}

	client(options: ClientOptions = {}): HostClient {
		this.#refuseWhenClosed();
		this.#parts.backends.refreshModels();
		const guest = options.guest === undefined ? NO_GUEST : checkedGuest(options.guest);
		const { router, logger, upstreams, media, network, telemetry } = this.#parts;
		const client = new HostClient({
			router,
			guest,
			logger,
			upstreams,
			observer: telemetry.observe(guest),
			limits: this.#settings.limits,
			media: new GuestMedia(media, guest, { network }),
			normalize: this.#normalizeContext,
			signal: this.#abort.signal,
			onEvent: options.onEvent ?? (() => {}),
			onHostEvent: this.#listenerOf(guest),
			onClose: (closed) => this.#clients.delete(closed),
		});
		this.#clients.add(client);
		return client;
	}

	async submit(agent: string, input: string, options?: SubmitOptions): Promise<SubmittedRunHandle> {
		this.#refuseWhenClosed();
		return this.runs.submit(agent, input, options);
	}

	work(agents: Readonly<Record<string, Agent>> | WorkSource, options: WorkerOptions = {}): HostWorker {
		this.#refuseWhenClosed();
		const onStop = (stopped: HostWorker): void => void this.#workers.delete(stopped);
		const worker = startWorker(
			agents,
			options,
			workerContext(this.#queue, () => this.#settings, this.#parts.logger, onStop),
		);
		this.#workers.add(worker);
		return worker;
	}

	isReady(): boolean {
		const at = systemClock.now();
		return !this.#abort.signal.aborted && this.#parts.router.instances.some((instance) => isUsable(instance, at));
	}

	backends(): BackendSummary[] {
		const { router, backends } = this.#parts;
		const { isEmbedded } = this.#settings;
		return router.instances.map((instance) => {
			const settings = this.#settings.backends.find(({ name }) => name === instance.name);
			return backendSummary(instance, { isEmbedded, ...modelsByOrigin(settings), missingKeys: backends.missingKeys(instance.name) });
		});
	}

	async checkBackends({ signal, timeoutMs = CHECK_TIMEOUT_MS, backends: only }: CheckOptions = {}): Promise<BackendCheck[]> {
		this.#refuseWhenClosed();
		const { backends, redact } = this.#parts;
		const instances = backends.toCheck().filter(({ name }) => only?.includes(name) ?? true);
		const either = AbortSignal.any([this.#abort.signal, ...(signal === undefined ? [] : [signal])]);
		return inParallel(instances, MAX_CHECKS, either, async (instance, limit) => {
			const check = await checkBackend(instance, { signal: limit, timeoutMs, clock: systemClock });
			return { ...check, message: redact(check.message) };
		});
	}

	memory(): MemoryReport {
		return memoryReport(this.#memory, this.#agents);
	}

	decisions() {
		return this.#parts.router.decisions;
	}

	explain(query: RouteQuery) {
		return this.#parts.router.explain(envelopeOf(query), query.guest === undefined ? NO_GUEST : checkedGuest(query.guest), query.fields);
	}

	reload(
		config: HostOptions["config"] = this.#parts.options.config,
		{ dryRun = false }: { readonly dryRun?: boolean } = {},
	): Promise<ReloadReport> {
		return this.#reloadBy(() => readSettings(config, this.#parts.kinds), dryRun);
	}

	status(): HostStatus {
		return this.#measured().status();
	}

	override(backend: string, change: BackendChange): BackendStatus {
		const { router, logger } = this.#parts;
		const before = router.overrideOf(backend);
		const after = changedOverride(before, change);
		router.override(backend, after);
		logger.info({ backend, ...after }, `the settings of backend ${backend} were changed at run time`);
		this.#activities.emit({ type: "override", atMs: Date.now(), backend, before, after });
		const status = this.status().backends.find(({ name }) => name === backend);
		if (status === undefined) throw new SpearError("internal", "the backend is gone");
		return status;
	}

	observe(listener: HostActivityListener): () => void {
		this.#measured();
		return this.#activities.add(listener);
	}

	onReload(listener: () => void): () => void {
		this.#reloadListeners.add(listener);
		return () => this.#reloadListeners.delete(listener);
	}

	serving(): Serving {
		this.#serving ??= servingOf(this.#settings.serve, new SecretSources(this.#parts.options.env ?? process.env), {
			runCaps: (guest) => runSettingsOf(this.#settings.guestRuns, guest),
			passesMember: passedMembers(this.#settings.backends),
		});
		return this.#serving;
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	#measured(): StatusMeter {
		const { router, backends } = this.#parts;
		this.#meter ??= new StatusMeter({
			router,
			runs: this.#runs,
			isEmbedded: () => this.#settings.isEmbedded,
			config: () => this.#config,
			missingKeys: (name) => backends.missingKeys(name),
			now: () => systemClock.now(),
			wallClock: Date.now,
		});
		return this.#meter;
	}

	#reloadBy(read: () => ReadSettings | Promise<ReadSettings>, dryRun = false): Promise<ReloadReport> {
		const result = this.#reloading.then(() => this.#reload(read, dryRun));
		this.#reloading = result.catch(() => {});
		return result;
	}

	async #reload(readConfig: () => ReadSettings | Promise<ReadSettings>, dryRun: boolean): Promise<ReloadReport> {
		this.#isReloading = !dryRun;
		try {
			return await this.#reloadNow(readConfig, dryRun);
		} finally {
			this.#isReloading = false;
			if (!dryRun) void this.#parts.cluster?.membership.renew();
		}
	}

	async #reloadNow(readConfig: () => ReadSettings | Promise<ReadSettings>, dryRun: boolean): Promise<ReloadReport> {
		this.#refuseWhenClosed();
		const { options, backends, router, logger, keyWarnings, telemetry } = this.#parts;
		const read = await readConfig();
		const { settings } = read;
		refuseEmpty(read);
		// The secret itself changes at a restart only, but a restart must find it.
		sealSecretOf(settings, new SecretSources(options.env ?? process.env), read.faults);
		checkMcpPackage(settings, read.faults);
		const update = backends.prepare(read);
		const needRestart = this.#restart.neededBy(settings);
		const digest = configDigest(read.faults.document.value);
		const report = { ...update.diff, digest, needRestart, diff: settingsDiff(this.#settings, settings), applied: !dryRun };
		if (dryRun) {
			await update.discard();
			return report;
		}
		this.#settings = settings;
		this.#config = { digest, version: this.#config.version + 1, sinceMs: Date.now() };
		this.#serving = undefined;
		this.#memory.resize(totalMemoryLimit(settings.maxTotalMemoryBytes));
		this.#runs.resize(settings.runs);
		this.#pool.configure(poolOptions(settings));
		this.#parts.mcp.configure(settings.mcpServers);
		const removed = update.commit();
		telemetry.configure(settings);
		if (settings.cluster !== undefined) this.#parts.cluster?.leases.configure(settings.cluster.unreachable);
		keyWarnings.report(backends.keyVariables());
		const closed = router
			.configure(routingConfig(settings, update))
			.then(() => Promise.all(removed.map((backend) => backend.close())))
			.catch((cause: unknown) => logger.warn({ err: cause }, "a removed backend could not be closed"))
			.finally(() => this.#draining.delete(closed));
		this.#draining.add(closed);
		this.#restart.report(settings);
		logger.info({ ...update.diff, needRestart }, "the configuration was reloaded");
		for (const listener of this.#reloadListeners) listener();
		this.#activities.emit({ type: "reload", atMs: Date.now(), report });
		return report;
	}

	async #close(): Promise<void> {
		this.#unwatch();
		this.#drain();
		await Promise.all([...this.#workers].map((worker) => worker.stop({ drainMs: 0 })));
		// What ends from here on says nothing about backends.
		this.#parts.signals?.close();
		this.#abort.abort(new SpearError("cancelled", "the host is closing"));
		await this.#reloading;
		const { backends, router, media, telemetry } = this.#parts;
		telemetry.close();
		router.close();
		await Promise.all([...this.#agents, ...this.#clients].map((each) => each.close()));
		await Promise.all([this.#pool.close(), this.#parts.mcp.close()]);
		await Promise.all([backends.close(), ...this.#draining]);
		await media.close();
		if (this.#parts.cluster !== undefined) await closeCluster(this.#parts.cluster);
	}

	get #normalizeContext(): NormalizeContext {
		return {
			newRequestId: randomUUID,
			seal: this.#parts.seal,
			wallClock: Date.now,
			maxTimeoutMs: (operation) => maxTimeoutMs(this.#settings, operation),
		};
	}

	#refuseWhenClosed(): void {
		if (this.#abort.signal.aborted) throw new SpearError("cancelled", "the host is closed");
	}
}

/** Returns true if an instance can serve at least one operation. An operation that was never used counts as one that it can serve. */
function isUsable({ keys, weight, setAside, operations, stats }: Instance, at: number): boolean {
	if (!keys.present || weight === 0 || setAside !== undefined) return false;
	const open = [...stats.healths()].filter(({ breaker }) => breaker.state(at) === "open").length;
	return open < operations.size;
}

function poolOptions({ workerPool, maxMemoryBytes }: Settings): WorkerPoolOptions {
	return { size: workerPool, maxMemoryBytes };
}

function checkedGuest(name: string | undefined): GuestIdentity {
	if (name === "") throw new SpearError("invalid_request", "guest: it must be a name of at least one character");
	return guestIdentity(name);
}

/** Returns the name of a guest in the log: its own, else that of its file, else its id. */
function guestTitle({ name, id }: GuestIdentity, source: string | URL | Uint8Array): string {
	if (name !== undefined || source instanceof Uint8Array) return name ?? id;
	return parse(source instanceof URL ? source.pathname : source).name || id;
}

/**
 * Adds a fault for a file without text, which is likely a write in progress. Loading it would replace the backends of a running host by
 * the embedded stub.
 */
function refuseEmpty({ text, faults }: ReadSettings): void {
	if (text?.trim() === "") faults.add([], "the file is empty; a host that runs keeps its configuration");
}
