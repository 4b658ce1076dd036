/** A server with the real page and a fake admin API, whose answers a test makes: states that no real host reaches at will. */
import { createServer, type ServerResponse } from "node:http";
import type {
	AdminEvent,
	Backend,
	BackendList,
	Cluster,
	Decision,
	DecisionList,
	ErrorList,
	GuestList,
	RecentError,
	Status,
	Traffic,
	TrafficSeries,
} from "../../../src/serve/admin/api.ts";
import { getRequestListener, Hono } from "../../../src/serve/hono.ts";
import { addPageRoutes } from "../../../src/serve/page/add-page-routes.ts";
import type { ServeEnv } from "../../../src/serve/serve-context.ts";
import { summaryOf } from "./samples.ts";

export const ADMIN_KEY = "fake-admin-key-0123456789";

/** The answers of a fake admin API. A test changes them at any time. */
export interface FakeState {
	hasAdmin: boolean;
	isDemo: boolean;
	backends: Backend[];
	/** The newest last. */
	decisions: Decision[];
	errors: RecentError[];
	guests: GuestList["guests"];
	/** `undefined` for a host alone. */
	cluster: Cluster | undefined;
	series: Record<Traffic["by"], string[]>;
	/** Answer with status 500 in place of all others. `undefined` for none. */
	fault: string | undefined;
}

export interface FakeAdmin {
	readonly url: string;
	readonly state: FakeState;
	/** Paths of all requests so far. */
	readonly seen: string[];
	/** Sends an event to all open streams. */
	emit(event: AdminEvent): void;
	/** Adds a decision, and sends its event. */
	decide(decision: Decision): void;
	/** Ends all connections, and accepts none until `restore`. */
	disconnect(): Promise<void>;
	restore(): Promise<void>;
	close(): Promise<void>;
}

const BOUNDS = Array.from({ length: 60 }, (_, at) => Math.round(1.25 ** at));

export async function startFakeAdmin(given: Partial<FakeState> = {}): Promise<FakeAdmin> {
	const state: FakeState = {
		hasAdmin: true,
		isDemo: false,
		backends: [],
		decisions: [],
		errors: [],
		guests: [],
		cluster: undefined,
		series: { total: [""], operation: [], guest: [], backend: [] },
		fault: undefined,
		...given,
	};
	const seen: string[] = [];
	const streams = new Set<ServerResponse>();
	let eventId = 0;
	const app = new Hono<ServeEnv>();
	const digest = Buffer.alloc(32);
	const settings = () => ({ server: { page: true }, adminDigest: state.hasAdmin ? digest : undefined });
	addPageRoutes(app, { settings, isDemo: state.isDemo });
	const pageListener = getRequestListener(app.fetch);
	const answer = (response: ServerResponse, status: number, body: unknown): void => {
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	};
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", "http://fake");
		seen.push(url.pathname + url.search);
		if (!url.pathname.startsWith("/admin/v1/")) return void pageListener(request, response);
		if (!state.hasAdmin) return answer(response, 404, { error: { code: "not_found", message: "the admin API is off" } });
		if (request.headers.authorization !== `Bearer ${ADMIN_KEY}`)
			return answer(response, 401, { error: { code: "unauthorized", message: "this is not the key of the admin API" } });
		if (state.fault !== undefined) return answer(response, 500, { error: { code: "internal", message: state.fault } });
		const path = url.pathname.slice("/admin/v1/".length);
		if (path === "events") {
			response.writeHead(200, { "content-type": "text/event-stream" }).write(": here\n\n");
			streams.add(response);
			response.on("close", () => streams.delete(response));
			return;
		}
		const found = answerOf(state, path, url.searchParams);
		if (found === undefined)
			return answer(response, 404, { error: { code: "not_found", message: "there is no such object", param: "id" } });
		answer(response, 200, found);
	});
	const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
	const stop = (): Promise<void> =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	await listen(0);
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the fake server has no port");
	const { port } = address;
	const emit = (event: AdminEvent): void => {
		eventId += 1;
		for (const stream of streams) stream.write(`id: ${eventId}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	};
	return {
		url: `http://127.0.0.1:${port}/`,
		state,
		seen,
		emit,
		decide(decision) {
			state.decisions.push(decision);
			emit({ type: "decision", at_ms: decision.ended_at_ms, decision: summaryOf(decision) });
		},
		disconnect: stop,
		restore: () => listen(port),
		close: async () => {
			if (server.listening) await stop();
		},
	};
}

function answerOf(state: FakeState, path: string, query: URLSearchParams): object | undefined {
	const [name, id] = path.split("/");
	if (name === "status") return statusOf(state);
	if (name === "cluster") return state.cluster;
	if (name === "backends") return { backends: state.backends } satisfies BackendList;
	if (name === "errors") return { errors: state.errors } satisfies ErrorList;
	if (name === "guests") return { guests: state.guests } satisfies GuestList;
	if (name === "traffic") return trafficOf(state, query);
	if (name === "decisions" && id !== undefined) return state.decisions.find((decision) => decision.id === decodeURIComponent(id));
	return name === "decisions" ? listOf(state, query) : undefined;
}

function listOf({ decisions }: FakeState, query: URLSearchParams): DecisionList {
	const limit = Number(query.get("limit") ?? 50);
	const before = Number(query.get("cursor") ?? Number.POSITIVE_INFINITY);
	const wanted = ["operation", "guest", "model", "status", "hedged", "downgraded"] as const;
	const all = decisions
		.filter((decision) => decision.sequence < before)
		.filter((decision) => wanted.every((name) => query.get(name) === null || query.get(name) === String(decision[name])))
		.filter(({ timeline }) => query.get("backend") === null || timeline.some(({ backend }) => backend === query.get("backend")))
		.reverse();
	const page = all.slice(0, limit).map(summaryOf);
	const next = all.length > limit ? page.at(-1)?.sequence : undefined;
	return { decisions: page, ...(next === undefined ? {} : { next_cursor: String(next) }), kept: decisions.length, capacity: 20_000 };
}

function statusOf({ backends, decisions, cluster }: FakeState): Status {
	return {
		version: "0.0.0",
		started_at_ms: Date.now() - 3_600_000,
		uptime_ms: 3_600_000,
		now_at_ms: Date.now(),
		draining: false,
		requests: { in_flight: 3, by_operation: [{ operation: "chat_completions", count: 3 }], pending: 0 },
		runs: { running: 0, waiting: 0 },
		memory: { guests_used_bytes: 1_000_000, rss_bytes: 120_000_000, heap_used_bytes: 40_000_000 },
		totals: { requests: decisions.length, errors: 0, cancelled: 0, input_tokens: 12_000, output_tokens: 34_000, cost: 0.42 },
		backends: {
			total: backends.length,
			healthy: backends.filter(({ health }) => health === "healthy").length,
			degraded: backends.filter(({ health }) => health === "degraded").length,
			unavailable: backends.filter(({ health }) => health === "unavailable").length,
			set_aside: 0,
		},
		subscribers: 1,
		config: { digest: "0".repeat(64), version: 1, since_at_ms: Date.now() - 3_600_000 },
		...(cluster?.host === undefined ? {} : { cluster: { host: cluster.host, store_reachable: cluster.store?.reachable === true } }),
	};
}

function trafficOf({ series }: FakeState, query: URLSearchParams): Traffic {
	const by = (["operation", "guest", "backend"] as const).find((name) => name === query.get("by")) ?? "total";
	const columns = Number(query.get("columns") ?? 300);
	const seriesOf = (name: string, at: number): TrafficSeries => {
		const requests = Array.from({ length: columns }, (_, column) => Math.round(5 + 4 * Math.sin((column + 7 * at) / 9)));
		return {
			name,
			is_rest: false,
			requests,
			errors: requests.map((_, column) => (column % 40 === at + 3 ? 2 : 0)),
			input_tokens: requests.map((count) => count * 30),
			output_tokens: requests.map((count) => count * 50),
			cost: requests.map((count) => count * 0.0005),
			latency: requests.map((count, column) => {
				const middle = 22 + at + Math.round(2 * Math.sin(column / 25));
				return BOUNDS.map((_, bucket) => Math.max(0, count - 2 * Math.abs(bucket - middle)));
			}),
		};
	};
	return {
		resolution_ms: query.get("resolution") === "1m" ? 60_000 : 1_000,
		by,
		start_at_ms: Date.now() - columns * 1_000,
		columns,
		latency_bounds_ms: BOUNDS,
		series: series[by].map(seriesOf),
	};
}
