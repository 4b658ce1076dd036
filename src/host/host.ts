import type { Config } from "../../generated/ir/config.ts";
import type { Engine } from "../abi/component/load.ts";
import type { BackendKind, ResidentModel } from "../backends/backend.ts";
import type { Isolation } from "../config/settings.ts";
import type { RouteExplanation } from "../router/decision/explanation.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { LimitStore } from "../router/limits/limit-store.ts";
import type { HostEvent } from "../telemetry/host-event.ts";
import type { Logger, LogLevel } from "../telemetry/logger.ts";
import type { Agent } from "./agent.ts";
import type { BackendCheck, CheckOptions } from "./check/backend-check.ts";
import type { ClientOptions, HostClient } from "./client.ts";
import type { ClusterControl } from "./cluster/cluster-control.ts";
import type { MemoryReport } from "./memory-report.ts";
import type { ReloadReport } from "./reload-report.ts";
import type { RouteQuery } from "./route-query.ts";
import type { HostRuns } from "./runs/host-runs.ts";
import type { HostWorker, WorkerOptions, WorkSource } from "./runs/host-worker.ts";
import type { SubmitOptions } from "./runs/submit-options.ts";
import type { SubmittedRunHandle } from "./runs/submitted-run-handle.ts";
import type { Environment } from "./secret-sources.ts";
import type { Serving } from "./serving.ts";
import type { BackendStatus } from "./status/backend-status.ts";
import type { BackendChange, HostActivityListener } from "./status/host-activity.ts";
import type { HostStatus } from "./status/host-status.ts";
import type { HostMetrics, TelemetryHostOptions } from "./telemetry/telemetry-options.ts";

/** Levels of a host's log. */
export interface LogLevels {
	/** Least severe level of the host's own lines. The default is that of the configuration. */
	readonly level?: LogLevel | "silent";
	/**
	 * Least severe level of the lines of guests: what they log, and what they write to standard output and error. The less severe one of this
	 * and the level of the host's own lines applies, unless one is `silent`. The default is the level of the host's own lines. Has no effect on an
	 * embedder's own `logger`.
	 */
	readonly guestLevel?: LogLevel | "silent";
}

export interface HostOptions {
	/**
	 * The configuration: a value in the shape of spear.toml, or the path of such a file. The default serves every guest by the embedded
	 * `stub` backend, which needs no key and no network.
	 */
	readonly config?: Config | string | URL;
	/** Variables that hold the keys, by the names in the configuration. The default is `process.env`. */
	readonly env?: Environment;
	/** Receives the host's log. Lines that reach it are not redacted by the host. The default writes to standard error: JSON, or text if that is a terminal. */
	readonly logger?: Logger;
	/** Level of the host's log where the configuration names none. The default is `warn`. */
	readonly logLevel?: LogLevel | "silent";
	/** Levels of the log that replace those of the configuration and of `logLevel`. The default is none. */
	readonly log?: LogLevels;
	/** Reloads the configuration whenever its file changes. Has no effect without a file. The default is false. */
	readonly watch?: boolean;
	/**
	 * Backend kinds in addition to those that this package has, for `kind` in the configuration.
	 *
	 * @see defineBackend
	 */
	readonly kinds?: readonly BackendKind[];
	/** Counts rates and budgets. The default counts in this process, or with `[cluster]` for all hosts together. */
	readonly limitStore?: LimitStore;
	/**
	 * Receives the events of every run and client, before the listener of the run or client. `source` names the guest. An exception of the listener is
	 * logged.
	 */
	readonly onEvent?: (event: HostEvent, source: EventSource) => void;
	/** Metrics and traces, in addition to `[telemetry]` of the configuration. The default is none. */
	readonly telemetry?: TelemetryHostOptions;
}

/** Origin of an event. */
export interface EventSource {
	/** Name of the guest, or its id if it has no name. Absent for the embedder's own requests. */
	readonly guest?: string;
}

/** The capabilities of one backend instance, for listings. Holds no URL and no key. */
export interface BackendSummary {
	readonly name: string;
	readonly kind: string;
	/** True for a backend of the embedded default, of a host whose configuration names no backends. */
	readonly isEmbedded: boolean;
	/**
	 * Capabilities by operation. An empty list of models means any model that a request names. `downgrades` and `rejects` are sentences:
	 * fields of a request that the backend emulates or drops, and fields that it rejects.
	 */
	readonly operations: Readonly<
		Record<
			string,
			{
				readonly features: readonly string[];
				readonly transports: readonly string[];
				readonly models: readonly string[];
				readonly downgrades: readonly string[];
				readonly rejects: readonly string[];
			}
		>
	>;
	/** Models whose operations follow from their names, because the configuration states none. */
	readonly guessedModels: readonly string[];
	/** Models that are offered for every operation of the backend, because neither the configuration nor their names tell any. */
	readonly unrestrictedModels: readonly string[];
	/** Models that run in the host's own process, with their memory. Empty for an upstream elsewhere. */
	readonly residentModels: readonly ResidentModel[];
	/** True if a key is set, and for a backend that needs none. */
	readonly hasKey: boolean;
	/** Names of the environment variables of keys that are not set, and absolute paths of files without a key. */
	readonly missingKeys: readonly string[];
	/** Number of requests, streams and sessions in flight. */
	readonly inFlight: number;
	/** Share among backends of the same priority. */
	readonly weight: number;
	/** Backends with a lower number are preferred. */
	readonly priority: number;
}

export interface LoadOptions {
	/** Cancels the loading. */
	readonly signal?: AbortSignal;
	/**
	 * Name of the guest. Agents loaded under one name share their media and quota, and keep them over a restart if `[media] dir` is set.
	 * Configuration refers to guests by this name. The default is no name: each loaded agent is a guest of its own.
	 */
	readonly guest?: string;
	/** Name of the guest in its log lines. The default is `guest`, else the name of the file, else an id. */
	readonly title?: string;
	/**
	 * Place where instances of the agent run. `shared` is the thread of the host; in `worker` each instance has a thread of its own. The default is
	 * `isolation` of the guest in the configuration, or of the guest `*`, or `shared`.
	 */
	readonly isolation?: Isolation;
	/**
	 * Engine that runs the guest. `direct` links components itself. `jco` needs the optional package `@bytecodealliance/jco-transpile` and a component,
	 * not a prepared agent; its guests are not metered. The default is `engine` of the guest in the configuration, or of the guest `*`, or `direct`.
	 */
	readonly engine?: Engine;
}

/** A running host: loads agents, provides them with its backends, and ends all of them on `close`. */
export interface Host {
	/** Least severe level of the lines in the host's log, as set at its start. */
	readonly logLevel: LogLevel | "silent";
	/** Least severe level of the lines of guests in the host's log, as set at its start. */
	readonly guestLogLevel: LogLevel | "silent";
	/** The host's log. Secrets of the configuration are redacted, unless the embedder's own logger receives the lines. */
	readonly logger: Logger;
	/** Metrics as text. Absent unless `[telemetry] metrics` or an option asks for them. */
	readonly metrics?: HostMetrics | undefined;
	/** This host among the hosts that share a store. Absent for a host alone. */
	readonly cluster?: ClusterControl | undefined;
	/**
	 * Loads a guest: the path of a `.wasm` file or of a directory that `spear build` prepared, or the bytes of a file. A file is a component, or a core
	 * module that imports the functions of `spear` and of WASI preview 1.
	 *
	 * @throws SpearError `invalid_request` when the source is no guest, or imports something that the host lacks.
	 */
	load(source: string | URL | Uint8Array, options?: LoadOptions): Promise<Agent>;
	/**
	 * Returns a client that sends requests without a guest, through the same layers and limits as a guest's.
	 *
	 * @throws SpearError `cancelled` when the host is closed; `invalid_request` for an empty guest name.
	 */
	client(options?: ClientOptions): HostClient;
	/** Returns true if at least one backend has its key, a weight above 0, and an operation whose breaker is not open. */
	isReady(): boolean;
	/** Returns the configured backend instances. */
	backends(): BackendSummary[];
	/**
	 * Asks each backend with one cheap request if URL, key and models work. Requests of guests are not affected.
	 *
	 * @throws SpearError `cancelled` if the signal is aborted or the host closes.
	 */
	checkBackends(options?: CheckOptions): Promise<BackendCheck[]>;
	/** Returns the memory that guests hold: the sum and its limit, and by guest and kind. */
	memory(): MemoryReport;
	/** Returns the last decisions in the router's log, oldest first. `[router.decision_log]` sets the sample and the capacity. */
	decisions(): readonly RouteDecision[];
	/**
	 * Returns where a request would go now, and why. Contacts no backend.
	 *
	 * @throws SpearError `not_permitted` for a policy that the host does not let requests choose.
	 */
	explain(query: RouteQuery): RouteExplanation;
	/**
	 * Replaces the configuration. New requests use it; requests in flight keep theirs. A backend whose connection settings are unchanged
	 * keeps its statistics. A removed backend is closed after its last request.
	 *
	 * @param config The default is the file or value that the host was created with, read again.
	 * @param options `dryRun`: checks the configuration and reports the changes, but makes none. The default is false.
	 * @throws ConfigError with every fault of a configuration that cannot be used. Nothing changes then.
	 */
	reload(config?: HostOptions["config"], options?: { readonly dryRun?: boolean }): Promise<ReloadReport>;
	/**
	 * Returns the state of the host: backends with their health, latencies and limits, guests with their limits, and sums of requests. From the first
	 * call of `status` or `observe` on, the host measures requests.
	 */
	status(): HostStatus;
	/**
	 * Changes the settings of a backend at run time. New requests use them; requests in flight go on. The changes survive a reload of the
	 * configuration that keeps the backend's name, and end with the host.
	 *
	 * @throws SpearError `invalid_request` for an unknown backend, or a weight that is none.
	 */
	override(backend: string, change: BackendChange): BackendStatus;
	/**
	 * Calls a listener at the end of each request, at each override and after each reload. While there are listeners, up to 64 backends are evaluated for
	 * each decision. A listener that throws is logged.
	 *
	 * @returns The function that ends this.
	 */
	observe(listener: HostActivityListener): () => void;
	/** Calls a listener after each reload. Returns the function that ends this. */
	onReload(listener: () => void): () => void;
	/** Returns what `[server]`, `[agents]` and `[clients]` of the configuration say, with digests in place of keys. Files of keys are read again after a reload. */
	serving(): Serving;
	/**
	 * Submits a run of an agent to the queue. A worker runs it: `Host.work`, `spear worker`, or `spear serve`, of any host with the same `[cluster]`. This
	 * host need not have the agent. Without `[cluster]`, the queue is in this process, and its runs end with the process.
	 *
	 * ```ts
	 * const run = await host.submit("news", "Bern", { idempotencyKey: "bern-2026-11-30" });
	 * const answer = await run.result();
	 * ```
	 *
	 * @param agent Name of the agent, as in `[agents.<name>]`.
	 * @throws SpearError `not_permitted` if the shared store may hold no contents (`content` of `[cluster]`). `rate_limited` if `max_pending` runs of the guest
	 * wait. `invalid_request` for options outside their ranges, and for an input of more than 16 MiB. `internal`, retryable, if the store cannot be reached.
	 */
	submit(agent: string, input: string, options?: SubmitOptions): Promise<SubmittedRunHandle>;
	/** The submitted runs: of all hosts with the same `[cluster]`, or of this process. */
	readonly runs: HostRuns;
	/**
	 * Runs submitted runs on this host, until `stop` of the worker or the close of the host.
	 *
	 * ```ts
	 * const worker = host.work({ news: await host.load("news.spear", { guest: "news" }) });
	 * ```
	 *
	 * @param agents The agents by their names in the queue, or a source of agents that change.
	 * @throws SpearError as `submit`, for `content` of `[cluster]`.
	 */
	work(agents: Readonly<Record<string, Agent>> | WorkSource, options?: WorkerOptions): HostWorker;
	/** Stops the workers, aborts every run and closes every backend. Safe to call twice. */
	close(): Promise<void>;
}
