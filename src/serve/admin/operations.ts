import { OPERATION_NAMES } from "../../operations/is-operation.ts";
import { RUN_STATES } from "../runs/run-states.ts";
import type { Parameter } from "./query.ts";

/** A function of the admin API. */
export interface AdminOperation {
	readonly method: "GET" | "PATCH" | "POST";
	/** Path below `/admin/v1`. A part in braces is a parameter. */
	readonly path: string;
	readonly summary: string;
	readonly description?: string;
	/** Parameters of the query. */
	readonly query: Readonly<Record<string, Parameter>>;
	/** Type of the body, among those of `api.ts`. Absent for none. */
	readonly body?: string;
	/** Type of the answer, among those of `api.ts`. Absent for an answer of another kind. */
	readonly answer?: string;
	/** Media type of the answer. The default is `application/json`. */
	readonly answerType?: string;
	/** Statuses of failures besides those of every function: 400, 401, 404, 429. */
	readonly failures?: readonly number[];
}

/** Longest name of a guest, a backend or a model in a query, in characters. */
const MAX_NAME = 300;

/** Latest time in a query, in milliseconds since 1970: the last one that dates can have. */
const MAX_TIME = 8_640_000_000_000_000;

const name = (description: string) => ({ type: "text", maxLength: MAX_NAME, description }) as const;
const time = (description: string) =>
	({ type: "integer", minimum: 0, maximum: MAX_TIME, description: `${description}, in milliseconds since 1970.` }) as const;

/** Types of events, for the parameter `types`. */
export const EVENT_TYPES = ["decision", "backend", "reload"] as const;

/** Every function of the admin API, by its id: the one source of the routes, of the checks of queries, and of the OpenAPI document. */
export const ADMIN_OPERATIONS = {
	getStatus: { method: "GET", path: "/status", summary: "State of the server", query: {}, answer: "Status" },
	listBackends: {
		method: "GET",
		path: "/backends",
		summary: "Backends with their health, latencies and limits",
		query: {},
		answer: "BackendList",
	},
	changeBackend: {
		method: "PATCH",
		path: "/backends/{name}",
		summary: "Enables, disables, drains or weights a backend",
		description:
			"New requests use the change; requests in flight go on. It survives a reload of the configuration that keeps the backend's name, and ends with the process.",
		query: {},
		body: "BackendPatch",
		answer: "Backend",
		failures: [413, 415],
	},
	listDecisions: {
		method: "GET",
		path: "/decisions",
		summary: "The last decisions, the newest first",
		description: "The server keeps the last 1000 decisions, and the last 1000 older ones that failed, were hedged, retried or downgraded.",
		query: {
			operation: { type: "choice", values: OPERATION_NAMES, description: "Only requests of this operation." },
			guest: name("Only requests of this guest."),
			backend: name("Only requests with an attempt at this backend."),
			model: name("Only requests that named this model."),
			status: { type: "choice", values: ["ok", "failed", "cancelled"], description: "Only requests that ended so." },
			hedged: { type: "boolean", description: "Only requests with a hedge, or only those without." },
			downgraded: { type: "boolean", description: "Only requests that were downgraded, or only others." },
			since: time("Only requests that ended at this time or later"),
			before: time("Only requests that ended before this time"),
			limit: { type: "integer", minimum: 1, maximum: 500, default: 50, description: "Most decisions of the page." },
			cursor: {
				type: "integer",
				minimum: 1,
				maximum: Number.MAX_SAFE_INTEGER,
				description: "`next_cursor` of the page before. The filters must be the same.",
			},
		},
		answer: "DecisionList",
	},
	getDecision: {
		method: "GET",
		path: "/decisions/{id}",
		summary: "A decision with its whole explanation",
		query: {},
		answer: "Decision",
	},
	streamEvents: {
		method: "GET",
		path: "/events",
		summary: "Decisions and changes as they happen, as server-sent events",
		description:
			"The data of each event is an `AdminEvent`. A client that reconnects with `Last-Event-ID` receives what it missed, as far as the server has it, or else a `gap`. A comment is sent every 15 s.",
		query: {
			types: { type: "list", values: EVENT_TYPES, description: "Only these types, separated by commas. `gap` is always sent." },
		},
		answer: "AdminEvent",
		answerType: "text/event-stream",
		failures: [503],
	},
	getTraffic: {
		method: "GET",
		path: "/traffic",
		summary: "Requests, errors, tokens, cost and latencies by column of time",
		query: {
			resolution: {
				type: "choice",
				values: ["1s", "1m"],
				default: "1s",
				description: "Length of a column: `1s` for the last 5 minutes, `1m` for the last 6 hours.",
			},
			by: {
				type: "choice",
				values: ["total", "operation", "guest", "backend"],
				default: "total",
				description: "What the series are. By backend, attempts are counted instead of requests.",
			},
			name: name("Only the series of this operation, guest or backend."),
			columns: { type: "integer", minimum: 1, maximum: 360, description: "Only the last columns. The default is all: 300 or 360." },
			latency: { type: "boolean", default: true, description: "`false` leaves the histograms empty." },
		},
		answer: "Traffic",
	},
	listErrors: { method: "GET", path: "/errors", summary: "Recent failures, equal ones together", query: {}, answer: "ErrorList" },
	listGuests: { method: "GET", path: "/guests", summary: "Guests with their limits and budgets", query: {}, answer: "GuestList" },
	listAgents: { method: "GET", path: "/agents", summary: "Agents that the server runs on request", query: {}, answer: "AgentList" },
	reload: {
		method: "POST",
		path: "/reload",
		summary: "Reads the configuration again, or tells what that would change",
		query: {},
		body: "ReloadRequest",
		answer: "ReloadAnswer",
		failures: [413, 415, 422],
	},
	getCluster: {
		method: "GET",
		path: "/cluster",
		summary: "The hosts that share a store, with their load and their configurations",
		query: {},
		answer: "Cluster",
	},
	reloadCluster: {
		method: "POST",
		path: "/cluster/reload",
		summary: "Reloads all hosts, one after the other, as server-sent events",
		description:
			"Each host reads its own file. All hosts check it first. Then one host after the other reloads, and serves again before the next one. Stops at the first failure. The data of each event is a `ClusterReloadStep`.",
		query: {},
		body: "ReloadRequest",
		answer: "ClusterReloadStep",
		answerType: "text/event-stream",
		failures: [409, 413, 415, 503],
	},
	listRuns: {
		method: "GET",
		path: "/runs",
		summary: "Submitted runs, the newest first, and how many wait",
		description: "Runs of all guests: with `[cluster]`, those of all hosts. Poisoned runs wait for `POST /runs/{id}/retry`.",
		query: {
			agent: name("Only runs of this agent. The default is all agents of the server."),
			guest: name("Only runs that this guest has submitted."),
			state: { type: "list", values: RUN_STATES, description: "Only runs in these states, separated by commas." },
			limit: { type: "integer", minimum: 1, maximum: 500, default: 50, description: "Most runs of each agent." },
		},
		answer: "RunList",
		failures: [503],
	},
	cancelRun: {
		method: "POST",
		path: "/runs/{id}/cancel",
		summary: "Cancels a submitted run",
		description: "A run in progress ends when its worker knows. Has no effect on a run that has ended.",
		query: {},
		answer: "QueuedRun",
		failures: [503],
	},
	retryRun: {
		method: "POST",
		path: "/runs/{id}/retry",
		summary: "Queues a poisoned run again, with all its attempts",
		query: {},
		answer: "QueuedRun",
		failures: [409, 503],
	},
	getOpenApi: { method: "GET", path: "/openapi.json", summary: "This document", query: {}, answerType: "application/json" },
} as const satisfies Readonly<Record<string, AdminOperation>>;

/** Id of a function of the admin API. */
export type AdminOperationId = keyof typeof ADMIN_OPERATIONS;
