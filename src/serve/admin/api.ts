/**
 * The types of the admin API, version 1: `/admin/v1/*`. The OpenAPI document, the client and the operator's page are made of them.
 *
 * Names and units: `…_at_ms` is a time in milliseconds since 1970. Any other `…_ms` is a duration in milliseconds. Costs are in the currency of the
 * prices in the configuration. An absent member is unknown or does not apply, unless its description says more.
 */

import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import type { Downgrade, ErrorCode, Rejection, Usage } from "../../../generated/ir/types.ts";

/** Answer to a request that failed. */
export interface ErrorAnswer {
	error: {
		/**
		 * Kind of the failure.
		 *
		 * - `invalid_request` (400): a parameter or the body cannot be used.
		 * - `unauthenticated` (401): the key is missing or wrong.
		 * - `not_found` (404): also for every path of a server without an admin key.
		 * - `method_not_allowed` (405), `unsupported_media_type` (415): also for a body that is not `application/json`.
		 * - `busy` (409): the hosts are being reloaded already.
		 * - `conflict` (409): a run that is retried is not poisoned.
		 * - `invalid_config` (422): the configuration has faults.
		 * - `rate_limited` (429): too many wrong keys.
		 * - `internal` (500): a fault of the server.
		 * - `unreachable` (503): the store that the hosts share cannot be reached.
		 * - `store_unavailable` (503): the shared store of the hosts cannot serve the call now.
		 */
		code: string;
		/** Description of the fault, its place, and a remedy. */
		message: string;
		/** Parameter or field at fault. */
		param?: string;
		/** True if the same request may succeed later. */
		retryable: boolean;
		/** Id of this request in the log of the server. */
		request_id: string;
		/** Faults of a configuration, in the order of their positions. Only with `invalid_config`. */
		faults?: ConfigFault[];
	};
}

/** Fault of a configuration. */
export interface ConfigFault {
	/** Place of the fault, e.g. `backends.main.models[0].name`. */
	path: string;
	/** Line in the file, from 1. */
	line?: number;
	message: string;
}

/** Answer of `GET /admin/v1/status`: the state of the server. */
export interface Status {
	/** Version of the package. */
	version: string;
	started_at_ms: number;
	uptime_ms: number;
	/** Time of the server at the answer. */
	now_at_ms: number;
	/** True while the server finishes requests before it ends, and accepts none. */
	draining: boolean;
	/** Numbers of requests in flight. Requests that wait for a backend count too. */
	requests: {
		in_flight: number;
		by_operation: OperationCount[];
		/** Requests that wait for a backend. */
		pending: number;
	};
	/** Runs of agents. */
	runs: {
		/** Live instances of agents. */
		running: number;
		/** Runs that wait for a place. */
		waiting: number;
	};
	memory: {
		/** Bytes that guests hold. */
		guests_used_bytes: number;
		/** Limit of the sum of all guests, in bytes. Absent for none. */
		guests_limit_bytes?: number;
		/** Resident set of the process, in bytes. */
		rss_bytes: number;
		/** Heap of JavaScript in use, in bytes. */
		heap_used_bytes: number;
	};
	/** Totals since the start of the server. */
	totals: Totals;
	/** Numbers of backends by their health. */
	backends: {
		total: number;
		healthy: number;
		degraded: number;
		unavailable: number;
		/** Backends that are disabled or draining. */
		set_aside: number;
	};
	/** Open event streams. */
	subscribers: number;
	/** The configuration in use. */
	config: ConfigVersion;
	/** The hosts that share a store with this one. Absent for a host alone. */
	cluster?: {
		/** Name of this host. */
		host: string;
		/** False while the store cannot be reached, so that this host acts alone. */
		store_reachable: boolean;
	};
}

/** The configuration that a host uses. */
export interface ConfigVersion {
	/**
	 * SHA-256 of the configuration in hexadecimal digits. Comments, the name of the host and the address that it listens on do not count: hosts with the
	 * same configuration have the same digest.
	 */
	digest: string;
	/** Number of configurations since the start of the host, from 1. */
	version: number;
	/** Time since which the host uses it. */
	since_at_ms: number;
}

export interface OperationCount {
	operation: Operation;
	count: number;
}

/** Sums over requests that have ended. */
export interface Totals {
	requests: number;
	/** Requests that failed. Requests that their callers cancelled are not among them. */
	errors: number;
	/** Requests that their callers cancelled. */
	cancelled: number;
	input_tokens: number;
	output_tokens: number;
	/** Sum of the known costs. */
	cost: number;
}

/** Answer of `GET /admin/v1/backends`. */
export interface BackendList {
	/** In the order of the configuration. */
	backends: Backend[];
}

/**
 * Health of a backend for the requests of all guests, by the operations that had attempts; by all operations if none had.
 *
 * - `healthy`: every operation is available.
 * - `degraded`: some operations are unavailable, or recover from a failure.
 * - `unavailable`: no operation is available, e.g. because no key can be used.
 * - `draining`, `disabled`: an operator has set the backend aside.
 */
export type BackendHealth = "healthy" | "degraded" | "unavailable" | "draining" | "disabled";

/** A backend instance: its settings in force and its state. Holds no URL and no key. */
export interface Backend {
	/** Unique name from the configuration. */
	name: string;
	/** Kind of the backend, e.g. `openai`. */
	kind: string;
	/** True for a backend of the embedded default, of a configuration that names no backends. */
	embedded: boolean;
	health: BackendHealth;
	/** False: the backend gets no requests at all. Requests in flight go on. */
	enabled: boolean;
	/** True: the backend gets requests of sessions that it serves already, and no others. */
	draining: boolean;
	/** Share of the requests among backends of one priority, relative to their weights. With 0 the backend gets no new requests. */
	weight: number;
	/** Weight in the configuration. */
	configured_weight: number;
	/** Backends with a lower number are preferred. */
	priority: number;
	/** Location, in the operator's own naming. */
	region?: string;
	/** True if a key is set, and for a backend that needs none. */
	has_key: boolean;
	/** Names of the environment variables of keys that are not set, and paths of files without a key. */
	missing_keys: string[];
	/** State of each key, in the order of the configuration. Empty for a backend that needs none. */
	keys: KeyState[];
	/** Requests, streams and sessions in flight. */
	in_flight: number;
	/** Limits of all operations together. */
	limits: LimitState[];
	operations: BackendOperation[];
}

/** Settings of a backend that hold until the process ends, over those of the configuration. These settings survive a reload. */
export interface BackendPatch {
	/** `false` disables the backend. `null` returns to the configuration: enabled. */
	enabled?: boolean | null;
	/** `true` drains the backend. `null` returns to the configuration: not draining. */
	draining?: boolean | null;
	/**
	 * `null` returns to the weight of the configuration.
	 *
	 * @minimum 0
	 * @maximum 1000000
	 */
	weight?: number | null;
}

export interface KeyState {
	/** Position among the keys of the backend, from 1. */
	number: number;
	/**
	 * - `usable`: the key may be used.
	 * - `missing`: the key is not set.
	 * - `rejected`: the upstream refused the key.
	 * - `cooling_down`: the upstream asked for a pause, or the key's rate limit is used up.
	 */
	state: "usable" | "missing" | "rejected" | "cooling_down";
	/** Time at which the key is tried again. */
	until_at_ms?: number;
}

/** State of a backend for one operation. */
export interface BackendOperation {
	operation: Operation;
	/** Models by the names that guests use. An empty list means any model that a request names. */
	models: string[];
	features: Feature[];
	transports: Transport[];
	/** True if a request of a new guest could be sent now. */
	available: boolean;
	in_flight: number;
	/** `closed` admits requests, `open` admits none, `half_open` admits one as a trial. */
	breaker: "closed" | "open" | "half_open";
	/** End of the open period of the breaker. Absent for a breaker that is not open. */
	breaker_open_until_at_ms?: number;
	/** Failures since the last success. */
	consecutive_failures: number;
	/** End of the ejection because peers perform better. Absent if the backend is not ejected. */
	ejected_until_at_ms?: number;
	/** Part of its share that the backend gets, from 0.1 to 1. Below 1 only after a recovery. */
	slow_start_factor: number;
	/** Attempts since the start of the server, with those of hedges that lost. */
	attempts: number;
	/** Attempts that the backend failed: not by a fault of the request, and not cancelled. Since the start of the server. */
	failures: number;
	/** Share of the attempts of the last minute that failed so, from 0 to 1. Absent without attempts. */
	error_rate?: number;
	/** Attempts of the last minute that succeeded or failed so. */
	recent_attempts: number;
	/** Time from the start of an attempt to its first output, of recent attempts. Absent without any. */
	first_output?: Latency;
	/** Time from the start of an attempt to its end, of recent attempts that succeeded. Absent without any. */
	whole?: Latency;
	/** Limits of this operation alone. */
	limits: LimitState[];
}

/** Quantiles of recent latencies, in milliseconds. Too high by less than 10 %. */
export interface Latency {
	/** Number of samples; old samples count in part. */
	count: number;
	p50_ms: number;
	p90_ms: number;
	p99_ms: number;
}

/** A limit and what is left of it. */
export interface LimitState {
	kind:
		| "requests_per_second"
		| "requests_per_minute"
		| "tokens_per_minute"
		| "concurrency"
		| "budget_per_hour"
		| "budget_per_day"
		| "budget_per_month";
	limit: number;
	/** Amount that may be used now. Absent if the store of the limits does not tell. */
	left?: number;
	/** Time at which a budget begins again. Absent for a rate, which refills all the time. */
	resets_at_ms?: number;
	/** Position of the key that the limit is counted for, from 1. Absent unless a backend has several. */
	key?: number;
}

/**
 * Answer of `GET /admin/v1/decisions`, the newest first. The parameters filter the decisions: `operation`, `guest`, `backend`, `model`, `status`,
 * `hedged`, `downgraded`, `since` and `before`. `limit` and `cursor` divide them into pages.
 */
export interface DecisionList {
	decisions: DecisionSummary[];
	/** Value of `cursor` for the next page. Absent at the end. */
	next_cursor?: string;
	/** Number of decisions that the server keeps now. */
	kept: number;
	/** Limit of that number. */
	capacity: number;
}

/** Outcome of a request. */
export type DecisionStatus = "ok" | "failed" | "cancelled";

/** A decision of the router and its outcome, without the explanation. */
export interface DecisionSummary {
	/** Id of the request, as the header `x-spear-decision` tells it. */
	id: string;
	/** Number of the decision since the start of the server. Orders decisions by their ends. */
	sequence: number;
	/** Time at which the request reached the router. */
	started_at_ms: number;
	/** Time at which the decision became final: the end of the request, or the time at which its session was established. */
	ended_at_ms: number;
	duration_ms: number;
	operation: Operation;
	/** Model that the request named. */
	model?: string;
	/** Name of the guest; `embedder` for requests without a guest, `unnamed` for guests without a name. */
	guest: string;
	/** Name of the backend that was chosen last. */
	backend?: string;
	status: DecisionStatus;
	/** Absent for a request that succeeded. */
	error?: DecisionError;
	/** Number of attempts that have ended. */
	attempts: number;
	/** True if a hedge was sent. */
	hedged: boolean;
	/** True if an attempt followed a failed one. */
	retried: boolean;
	/** True if the backend treated a field otherwise than asked. */
	downgraded: boolean;
	/** Time from the arrival of the request to the first output that its caller got. */
	first_output_ms?: number;
	input_tokens?: number;
	output_tokens?: number;
	cost?: number;
	/** Id of the trace: 32 lower-case hexadecimal digits. */
	trace_id?: string;
}

export interface DecisionError {
	code: ErrorCode;
	/** Finer reason of `rate_limited`, e.g. `budget_exceeded`. Absent if the host knows none. */
	reason?: string;
	/** Holds neither keys nor URLs. */
	message: string;
}

/** Answer of `GET /admin/v1/decisions/:id`: a decision with its whole explanation. */
export interface Decision extends DecisionSummary {
	/** Policy that selected among the eligible backends, e.g. `ewma_latency`. */
	policy: string;
	required_features: string[];
	required_transports: Transport[];
	/**
	 * True if `eligible` and `rejected` list all backends. False for most decisions of a server with more than 64 backends: the lists then hold the chosen
	 * ones only.
	 */
	is_evaluated: boolean;
	/** Number of backends considered. Each of them is in `eligible` or in `rejected`. */
	candidates_checked: number;
	/** Backends that met every hard constraint, in order of preference. */
	eligible: string[];
	/** Backends that failed a hard constraint, each with the first one failed. At most 1000. */
	rejected: Rejection[];
	/** Backends that the policy compared, for each attempt in order. */
	considered: Consideration[];
	/** Attempts that have ended, in the order of their ends. */
	timeline: DecisionAttempt[];
	/** Events besides the attempts, in order. */
	events: DecisionEvent[];
	/** Differences between the request and its treatment by the chosen backend. */
	downgrades: Downgrade[];
	/** Usage that the answer reported. */
	usage?: Usage;
}

/** A backend that the policy compared, with its statistics at that moment. */
export interface Consideration {
	backend: string;
	/** Score by which the policy compares backends; the lower the better. Absent for a policy without scores. */
	score?: number;
	/** Number of requests in flight. */
	in_flight: number;
	/** Average latency until the first output. Absent if it was never measured. */
	latency_ms?: number;
}

/** An attempt of a request at a backend. */
export interface DecisionAttempt {
	backend: string;
	/**
	 * - `first`: the first attempt.
	 * - `fallback`: after a failure, at another backend.
	 * - `retry`: after a failure, at a backend that was tried before.
	 * - `hedge`: concurrent with others that had no output yet.
	 */
	role: "first" | "fallback" | "retry" | "hedge";
	/** Milliseconds since the request reached the router. */
	start_ms: number;
	/** Time from the start of the attempt to its first output. Absent without an output. */
	first_output_ms?: number;
	/** Time from the start of the attempt to its end. */
	latency_ms: number;
	/** Position of the key that was used among the backend's keys, from 1. Absent for a backend with at most one. */
	key?: number;
	/** Kind of the failure. Absent for a success. `cancelled` for a hedge that lost. */
	failure?: ErrorCode;
	/** Message of the failure. */
	detail?: string;
}

/** An event of a request besides its attempts. */
export interface DecisionEvent {
	/** Milliseconds since the request reached the router. */
	at_ms: number;
	/**
	 * - `queued`: the request waited for a backend; `at_ms` is the start of the wait.
	 * - `backed_off`: the request pauses before a retry.
	 * - `limited`: a limit or a budget is used up.
	 * - `key_rejected`, `key_cooldown`: the key of an attempt is not used for a while.
	 * - `breaker_opened`, `recovered`: the breaker of a backend opened or closed.
	 * - `ejected`: a backend was ejected.
	 * - `hedge_denied`: the hedge budget is used up.
	 * - `mirrored`: a copy of the request was sent.
	 */
	type:
		| "queued"
		| "backed_off"
		| "limited"
		| "key_rejected"
		| "key_cooldown"
		| "breaker_opened"
		| "recovered"
		| "ejected"
		| "hedge_denied"
		| "mirrored";
	/** Name of the backend. Absent if the event is about none. */
	backend?: string;
	/** Details in words, e.g. a duration. */
	detail?: string;
}

/**
 * An event of `GET /admin/v1/events`, a stream of server-sent events. The SSE field `event` is the `type`, `data` is this object as JSON, and `id` is
 * the event's number. A client that reconnects with `Last-Event-ID` receives the events since then, if the server still has them. Otherwise the first
 * event is a `gap`. `?types=decision,backend` restricts the types. A comment line is sent every 15 s.
 */
export type AdminEvent = DecisionEnded | BackendChanged | Reloaded | Gap;

/** A request has ended. */
export interface DecisionEnded {
	type: "decision";
	at_ms: number;
	decision: DecisionSummary;
}

/** The state of a backend has changed. */
export interface BackendChanged {
	type: "backend";
	at_ms: number;
	/** Name of the backend. */
	backend: string;
	/** Operation that the change is about. Absent for all. */
	operation?: Operation;
	change:
		| "breaker_opened"
		| "recovered"
		| "ejected"
		| "key_rejected"
		| "key_cooldown"
		| "enabled"
		| "disabled"
		| "drain_started"
		| "drain_ended"
		| "weight_changed";
	/** Details in words, e.g. a duration. */
	detail?: string;
	/** Id of the request whose end caused the change. Absent for a change by an operator. */
	decision_id?: string;
}

/** The configuration was reloaded. */
export interface Reloaded {
	type: "reload";
	at_ms: number;
	diff: ConfigDiff;
}

/** Events were lost: the client was too slow or too long away, or the server has restarted. */
export interface Gap {
	type: "gap";
	at_ms: number;
	/** Number of lost events. Absent if it is unknown. */
	missed?: number;
}

/**
 * Answer of `GET /admin/v1/traffic`: requests that have ended, in columns of equal length. With `by=backend`, attempts are counted instead of
 * requests. The parameters are `resolution`, `by`, `name`, `columns` and `latency`.
 */
export interface Traffic {
	/** Length of a column. */
	resolution_ms: 1000 | 60000;
	by: "total" | "operation" | "guest" | "backend";
	/** Start of the first column. */
	start_at_ms: number;
	/** Number of columns. The last one is not over. */
	columns: number;
	/**
	 * Upper bounds of the latency buckets, in milliseconds, ascending. The last bucket of a histogram, one more than there are bounds, holds all longer
	 * latencies.
	 */
	latency_bounds_ms: number[];
	/** The busiest first. At most 32. All names beyond those that the server counts separately are in one series, which `is_rest` marks. */
	series: TrafficSeries[];
}

/** Counts by column. Each array has as many items as there are columns. */
export interface TrafficSeries {
	/** Name of the operation, guest or backend. Empty for `total` and for the rest. */
	name: string;
	is_rest: boolean;
	requests: number[];
	errors: number[];
	input_tokens: number[];
	output_tokens: number[];
	cost: number[];
	/**
	 * Histograms of the times to the first output (of a whole answer: to its end) by column: counts by bucket. An empty array for a column without
	 * samples.
	 */
	latency: number[][];
}

/** Answer of `GET /admin/v1/errors`: failures of attempts and requests, equal ones together. The latest first. */
export interface ErrorList {
	errors: RecentError[];
}

/** Equal failures. */
export interface RecentError {
	code: ErrorCode;
	/** Finer reason of `rate_limited`, e.g. `budget_exceeded`. Absent if the host knows none. */
	reason?: string;
	operation: Operation;
	/** Backend whose attempt failed. Absent for a request that failed without an attempt. */
	backend?: string;
	/**
	 * Party that the failure counts against: the request, the credentials, the capacity, the backend, its connection, the caller or the host.
	 */
	attribution: string;
	/** Message of the latest one. Holds neither keys nor URLs. */
	message: string;
	/** Codes of the causes of the latest one, the outermost first, e.g. `ECONNREFUSED`. */
	causes: string[];
	count: number;
	first_at_ms: number;
	last_at_ms: number;
	/** Guest of the latest one. */
	last_guest: string;
	/** Decision of the latest one. */
	last_decision_id: string;
}

/** Answer of `GET /admin/v1/guests`: guests of the configuration, and guests whose requests were seen lately. */
export interface GuestList {
	guests: Guest[];
}

/** A guest with its limits. */
export interface Guest {
	/** Name of the guest; `embedder` for requests without a guest, `unnamed` for all guests without a name. */
	name: string;
	/** Name of the entry of the configuration that applies: that of the guest, or `*`. Absent for none. */
	settings?: string;
	/** Requests in flight. Absent for a guest without a limit of concurrency. */
	in_flight?: number;
	limits: LimitState[];
	/** Since the start of the server. */
	totals: Totals;
	/** End of the latest request. Absent for none. */
	last_request_at_ms?: number;
}

/** Answer of `GET /admin/v1/agents`. */
export interface AgentList {
	agents: Agent[];
}

/** An agent that the server runs on request. */
export interface Agent {
	name: string;
	/** Name of the guest that its requests are counted for. */
	guest: string;
	/** `loading`: no run can start yet. `failed`: the component could not be loaded. */
	state: "ready" | "loading" | "failed";
	/** Reason of `failed`. */
	error?: string;
	/** Runs in progress. */
	running: number;
	/** Limit of runs. Absent for none. */
	max_running?: number;
}

/** Request of `POST /admin/v1/reload`: reads the configuration file again. */
export interface ReloadRequest {
	/** True: tells the changes, and makes none. The default is false. */
	dry_run?: boolean;
}

/** Answer of `POST /admin/v1/reload`. A configuration with faults is answered with `invalid_config` (422), and nothing changes. */
export interface ReloadAnswer {
	/** False for a dry run. */
	applied: boolean;
	/** Digest of the configuration. */
	digest: string;
	diff: ConfigDiff;
}

/** Answer of `GET /admin/v1/cluster`: the hosts that share a store, as this host sees them. */
export interface Cluster {
	/** Name of this host. Absent for a host alone. */
	host?: string;
	/** The store that the hosts share. Absent for a host alone. */
	store?: ClusterStore;
	/** In the order of their names. Empty for a host alone. */
	hosts: ClusterHost[];
	/** Configurations in use, those of most hosts first. More than one: the hosts differ. */
	configs: ClusterConfig[];
	/** Hosts whose values in the store cannot be used, e.g. of another version of the package. */
	refused: RefusedHost[];
}

export interface ClusterStore {
	reachable: boolean;
	/** Time of the last change of `reachable`. */
	since_at_ms: number;
	/** Reason for which the store cannot be reached. Holds neither user nor password. */
	fault?: string;
	/** Time at which the store told the hosts. While the store cannot be reached, the hosts are those of this time. Absent before the first contact. */
	contact_at_ms?: number;
}

/** A configuration, and the hosts that use it. */
export interface ClusterConfig {
	digest: string;
	/** Names of the hosts. */
	hosts: string[];
}

export interface RefusedHost {
	/** Name of the host. `?` for a name that is none. */
	host: string;
	fault: string;
}

/** A host with what it told last. */
export interface ClusterHost {
	name: string;
	/** True for the host that answers. */
	is_this: boolean;
	/** Version of the package. */
	version: string;
	/** Start of the host, by its own clock. */
	started_at_ms: number;
	/** Time at which the host was seen last. A host is gone after 10 s. */
	seen_at_ms: number;
	/**
	 * - `starting`: the host loads its parts.
	 * - `serving`: the host accepts requests.
	 * - `reloading`: the host changes its configuration, and serves meanwhile.
	 * - `draining`: the host finishes its requests, and accepts none.
	 * - `unknown`: the store cannot be reached, so that the state of other hosts is unknown.
	 */
	state: "starting" | "serving" | "reloading" | "draining" | "unknown";
	/** True if at least one backend of the host can be used. */
	ready: boolean;
	config: ConfigVersion;
	/** True if most hosts have another configuration. */
	differs: boolean;
	requests: {
		/** Requests in flight. Requests that wait for a backend count too. */
		in_flight: number;
		/** Requests that wait for a backend. */
		pending: number;
		/** Requests that ended, by second. Average of some seconds. */
		per_s: number;
		/** Requests that failed, by second. */
		errors_per_s: number;
	};
	/** Runs of agents. */
	runs: {
		/** Live instances of agents. */
		running: number;
		/** Runs that wait for a place. */
		waiting: number;
	};
	/** Backends whose breaker is not closed at this host. At most 64. */
	backends: ImpairedBackend[];
	/** Leased places and amounts of shared limits, by the name of the limit. At most 64. */
	leases: NamedAmount[];
	/** Numbers of hints to and from other hosts, by kind. At most 64. */
	hints: NamedAmount[];
	/** Runs of the shared queue in progress, by agent. At most 64. */
	queue: NamedAmount[];
	/** True if a list is longer than it may be. */
	is_cut: boolean;
}

/** A backend whose breaker is not closed. */
export interface ImpairedBackend {
	name: string;
	/** `open` admits no requests, `half_open` admits one as a trial. */
	breaker: "open" | "half_open";
}

export interface NamedAmount {
	name: string;
	amount: number;
}

/**
 * A step of `POST /admin/v1/cluster/reload`, a stream of server-sent events. The SSE field `event` is the `type`, and `data` is this object as JSON. Each
 * host reads its own file. The last step is of the type `end`. A client that closes the stream stops the reload before the next host.
 */
export type ClusterReloadStep = HostChecked | HostReloading | HostReloaded | HostSkipped | HostFailed | ClusterReloadEnd;

/** The host can use the configuration of its file. */
export interface HostChecked {
	type: "checked";
	host: string;
	/** Digest of the configuration in the file. */
	digest: string;
	/** Keys whose change takes effect only after a restart of the host. At most 8. */
	need_restart: string[];
}

/** The host reloads now. */
export interface HostReloading {
	type: "reloading";
	host: string;
}

/** The host serves with the new configuration. */
export interface HostReloaded {
	type: "reloaded";
	host: string;
	digest: string;
	duration_ms: number;
}

/** The host is left out, because it ends. */
export interface HostSkipped {
	type: "skipped";
	host: string;
	message: string;
}

/** The host cannot use its configuration, does not answer, or does not serve again. */
export interface HostFailed {
	type: "failed";
	host: string;
	/**
	 * - `invalid_config`: the configuration has faults.
	 * - `changed`: the file was changed after the check.
	 * - `busy`: too many commands wait at the host.
	 * - `no_answer`: the host did not answer in time.
	 * - `failed`: any other reason.
	 */
	code: "invalid_config" | "changed" | "busy" | "no_answer" | "failed";
	message: string;
	/** Faults of the configuration. At most 8. Empty unless the code is `invalid_config`. */
	faults: ConfigFault[];
}

/** The last step. */
export interface ClusterReloadEnd {
	type: "end";
	/**
	 * - `done`: all hosts serve with the configurations of their files.
	 * - `checked`: all hosts can use them, and nothing was changed, as asked.
	 * - `refused`: a host failed the check, and nothing was changed.
	 * - `stopped`: a host failed its reload, or the client went away. The hosts after it were not changed.
	 */
	outcome: "done" | "checked" | "refused" | "stopped";
	/** Configurations in use, those of most hosts first. More than one: the hosts differ. */
	configs: ClusterConfig[];
}

/** Differences between two configurations. */
export interface ConfigDiff {
	/** Backends: `changed` are those with any other setting. */
	backends: NameDiff;
	/** Changed backends whose connection settings differ. Their statistics start again. */
	replaced_backends: string[];
	/** Settings of operations. */
	routes: NameDiff;
	guests: NameDiff;
	agents: NameDiff;
	clients: NameDiff;
	/** Keys of the configuration whose change takes effect only after a restart. */
	need_restart: string[];
}

/** Changes by name. Names without a change are left out. */
export interface NameDiff {
	added: string[];
	removed: string[];
	changed: string[];
}

/** Answer of `GET /admin/v1/runs`: submitted runs. */
export interface RunList {
	/** Newest first. */
	runs: QueuedRun[];
	/** Numbers of runs by agent. */
	agents: RunNumbers[];
	/** True if the queue is in the shared store. False: it is in this process, and ends with it. */
	shared: boolean;
}

/** Numbers of submitted runs of an agent. */
export interface RunNumbers {
	agent: string;
	/** Runs that wait for a worker, or for their time. */
	waiting: number;
	running: number;
	/** Runs of which every attempt failed, and that wait for a retry. */
	poisoned: number;
	/** Time for which the oldest run that may start has waited. */
	oldest_ms: number;
}

/** A submitted run. */
export interface QueuedRun {
	id: string;
	agent: string;
	/** Guest that has submitted the run. Absent for the embedder of the host. */
	guest?: string;
	state: "delayed" | "queued" | "running" | "completed" | "failed" | "cancelled" | "expired" | "poisoned";
	/** Attempts that have started. */
	attempt: number;
	max_attempts: number;
	/** 0 to 9. Higher ones start first. */
	priority: number;
	submitted_at_ms: number;
	/** Start of the last attempt. */
	started_at_ms?: number;
	ended_at_ms?: number;
	/** Name of the host with the present attempt. */
	worker?: string;
	/** True while a cancelled run has not ended yet. */
	cancel_requested: boolean;
}
