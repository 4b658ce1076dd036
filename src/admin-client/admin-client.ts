import type {
	AdminEvent,
	AgentList,
	Backend,
	BackendList,
	BackendPatch,
	Cluster,
	ClusterReloadStep,
	Decision,
	DecisionList,
	DecisionStatus,
	ErrorList,
	GuestList,
	QueuedRun,
	ReloadAnswer,
	ReloadRequest,
	RunList,
	Status,
	Traffic,
} from "../serve/admin/api.ts";
import { AdminError } from "./admin-error.ts";
import { type EventOptions, eventsOf, sentEvents } from "./events.ts";

/** Longest time of a request, in milliseconds. */
const TIMEOUT_MS = 30_000;

export interface AdminClientOptions {
	/** Address of the server, e.g. `http://127.0.0.1:8787`. */
	readonly url: string | URL;
	/** The key of the admin API. */
	readonly key: string;
	/** Longest time of a request, in milliseconds. The default is 30 s. Streams of events have no end. */
	readonly timeoutMs?: number;
	/** Sends the requests. The default is the global `fetch`. */
	readonly fetch?: typeof globalThis.fetch;
}

export interface AdminCallOptions {
	/** Cancels the request. */
	readonly signal?: AbortSignal;
}

/** Filters of decisions. Absent members filter nothing. */
export interface DecisionQuery {
	readonly operation?: string;
	readonly guest?: string;
	/** A backend that an attempt used. */
	readonly backend?: string;
	readonly model?: string;
	readonly status?: DecisionStatus;
	readonly hedged?: boolean;
	readonly downgraded?: boolean;
	/** Only requests that ended at this time or later, in milliseconds since 1970. */
	readonly since?: number;
	/** Only requests that ended before this time, in milliseconds since 1970. */
	readonly before?: number;
	/** Most decisions of the page, from 1 to 500. The default is 50. */
	readonly limit?: number;
	/** `next_cursor` of the page before. */
	readonly cursor?: string;
}

export interface TrafficQuery {
	/** The default is `1s`. */
	readonly resolution?: "1s" | "1m";
	/** The default is `total`. */
	readonly by?: Traffic["by"];
	/** Only the series of this name. */
	readonly name?: string;
	/** Only the last columns, from 1 to 360. */
	readonly columns?: number;
	/** `false` leaves the histograms empty. The default is true. */
	readonly latency?: boolean;
}

/** Filters of submitted runs. Absent members filter nothing. */
export interface RunQuery {
	readonly agent?: string;
	readonly guest?: string;
	readonly state?: readonly QueuedRun["state"][];
	/** Most runs of each agent, from 1 to 500. The default is 50. */
	readonly limit?: number;
}

/**
 * A client of the admin API. Needs nothing but `fetch`: works in Node and in browsers.
 *
 * ```ts
 * const admin = new AdminClient({ url: "http://127.0.0.1:8787", key });
 * await admin.changeBackend("main", { draining: true });
 * for await (const event of admin.events()) {
 * 	if (event.type === "decision") console.log(event.decision.backend, event.decision.status);
 * }
 * ```
 *
 * Every method throws an AdminError for a failed answer, and for a server that cannot be reached.
 */
export class AdminClient {
	readonly #base: string;
	readonly #key: string;
	readonly #timeoutMs: number;
	readonly #fetch: typeof globalThis.fetch;

	/** @throws AdminError `invalid_request` for a URL that is none, or that holds a user name or a password. */
	constructor({ url, key, timeoutMs = TIMEOUT_MS, fetch = (...request) => globalThis.fetch(...request) }: AdminClientOptions) {
		const parsed = URL.parse(String(url));
		if (parsed === null || !/^https?:$/.test(parsed.protocol))
			throw new AdminError("the URL of the server must begin with http:// or https://", "invalid_request", { param: "url" });
		if (parsed.username !== "" || parsed.password !== "")
			throw new AdminError("the URL must hold no user name and no password; pass the key by itself", "invalid_request", { param: "url" });
		this.#base = `${parsed.origin}${parsed.pathname.replace(/\/$/, "")}/admin/v1`;
		this.#key = key;
		this.#timeoutMs = timeoutMs;
		this.#fetch = fetch;
	}

	/** Returns the state of the server. */
	status(options?: AdminCallOptions): Promise<Status> {
		return this.#json("GET", "/status", undefined, options);
	}

	/** Returns the backends with their health, latencies and limits. */
	backends(options?: AdminCallOptions): Promise<BackendList> {
		return this.#json("GET", "/backends", undefined, options);
	}

	/** Enables, disables, drains or weights a backend. Returns its new state. */
	changeBackend(name: string, patch: BackendPatch, options?: AdminCallOptions): Promise<Backend> {
		return this.#json("PATCH", `/backends/${encodeURIComponent(name)}`, patch, options);
	}

	/** Returns one page of the last decisions, the newest first. */
	decisions(query: DecisionQuery = {}, options?: AdminCallOptions): Promise<DecisionList> {
		return this.#json("GET", `/decisions${queryOf(query)}`, undefined, options);
	}

	/** Returns a decision with its whole explanation. */
	decision(id: string, options?: AdminCallOptions): Promise<Decision> {
		return this.#json("GET", `/decisions/${encodeURIComponent(id)}`, undefined, options);
	}

	/** Returns requests, errors, tokens, cost and latencies by column of time. */
	traffic(query: TrafficQuery = {}, options?: AdminCallOptions): Promise<Traffic> {
		return this.#json("GET", `/traffic${queryOf(query)}`, undefined, options);
	}

	/** Returns recent failures. */
	errors(options?: AdminCallOptions): Promise<ErrorList> {
		return this.#json("GET", "/errors", undefined, options);
	}

	/** Returns the guests with their limits and budgets. */
	guests(options?: AdminCallOptions): Promise<GuestList> {
		return this.#json("GET", "/guests", undefined, options);
	}

	/** Returns the agents that the server runs on request. */
	agents(options?: AdminCallOptions): Promise<AgentList> {
		return this.#json("GET", "/agents", undefined, options);
	}

	/** Returns submitted runs, newest first, and how many wait. */
	runs(query: RunQuery = {}, options?: AdminCallOptions): Promise<RunList> {
		const { state, ...rest } = query;
		return this.#json("GET", `/runs${queryOf({ ...rest, state: state?.join(",") })}`, undefined, options);
	}

	/** Cancels a submitted run. Returns its new state: a run in progress ends when its worker knows. */
	cancelRun(id: string, options?: AdminCallOptions): Promise<QueuedRun> {
		return this.#json("POST", `/runs/${encodeURIComponent(id)}/cancel`, undefined, options);
	}

	/** Queues a poisoned run again, with all its attempts. Returns its new state. */
	retryRun(id: string, options?: AdminCallOptions): Promise<QueuedRun> {
		return this.#json("POST", `/runs/${encodeURIComponent(id)}/retry`, undefined, options);
	}

	/** Reloads the configuration, or tells what that would change. */
	reload(request: ReloadRequest = {}, options?: AdminCallOptions): Promise<ReloadAnswer> {
		return this.#json("POST", "/reload", request, options);
	}

	/** Returns the hosts that share a store with the server. */
	cluster(options?: AdminCallOptions): Promise<Cluster> {
		return this.#json("GET", "/cluster", undefined, options);
	}

	/**
	 * Reloads all hosts that share a store, one after the other, and yields each step. The last one is of the type `end`. If the signal is aborted or the
	 * loop is left, the reload stops before the next host.
	 *
	 * @throws AdminError `busy` while another such reload runs, `unreachable` if the store or the server cannot be reached, or the connection is lost.
	 */
	async *reloadCluster(request: ReloadRequest = {}, { signal }: AdminCallOptions = {}): AsyncGenerator<ClusterReloadStep, void, void> {
		const connection = new AbortController();
		const either = signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal]);
		let isEnded = false;
		try {
			const answer = await this.#request("POST", "/cluster/reload", {
				signal: either,
				body: JSON.stringify(request),
				headers: { "content-type": "application/json" },
			});
			for await (const { data } of sentEvents(answer, connection)) {
				const step: ClusterReloadStep = JSON.parse(data);
				isEnded = step.type === "end";
				yield step;
			}
		} catch (thrown) {
			if (thrown instanceof AdminError || signal?.aborted) throw thrown;
			throw unreachable("the connection was lost, and the reload stops before the next host", thrown);
		} finally {
			connection.abort();
		}
		if (!isEnded) throw unreachable("the server has ended the connection before the reload ended", undefined);
	}

	/**
	 * Yields events as they happen, until the signal is aborted or the loop is left. Connects again when the connection is lost, and continues after the
	 * last event. An event `gap` tells that some were lost.
	 *
	 * @throws AdminError for a failure that another try does not mend, such as a wrong key.
	 */
	events(options: EventOptions = {}): AsyncGenerator<AdminEvent, void, void> {
		const { types } = options;
		const path = `/events${queryOf({ types: types?.join(",") })}`;
		return eventsOf((headers, signal) => this.#request("GET", path, { headers, signal }), options);
	}

	async #json<T>(method: string, path: string, body: object | undefined, { signal }: AdminCallOptions = {}): Promise<T> {
		const limit = AbortSignal.timeout(this.#timeoutMs);
		const answer = await this.#request(method, path, {
			signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
			...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
		});
		try {
			return JSON.parse(await answer.text());
		} catch (cause) {
			throw unreachable("the answer of the server was cut or is no JSON", cause);
		}
	}

	async #request(
		method: string,
		path: string,
		{ headers, ...init }: { readonly headers?: Record<string, string>; readonly body?: string; readonly signal: AbortSignal },
	): Promise<Response> {
		let answer: Response;
		try {
			// A redirect could take the key to another server.
			const sent = { method, redirect: "error", credentials: "omit", cache: "no-store", ...init } as const;
			answer = await this.#fetch(`${this.#base}${path}`, { ...sent, headers: { ...headers, authorization: `Bearer ${this.#key}` } });
		} catch (cause) {
			if (init.signal.aborted && !isTimeout(init.signal.reason)) throw init.signal.reason;
			throw unreachable("the server cannot be reached, or did not answer in time", cause);
		}
		if (!answer.ok) throw await AdminError.from(answer);
		return answer;
	}
}

function queryOf(query: object): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.append(name, String(value));
	return parameters.size === 0 ? "" : `?${parameters}`;
}

function unreachable(message: string, cause: unknown): AdminError {
	return new AdminError(message, "unreachable", { cause });
}

function isTimeout(reason: unknown): boolean {
	return reason instanceof Error && reason.name === "TimeoutError";
}
