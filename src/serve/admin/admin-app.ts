import { memoryUsage } from "node:process";
import { ConfigError } from "../../config/config-error.ts";
import { guestName } from "../../errors/guest-name.ts";
import type { BackendHealth } from "../../host/status/backend-status.ts";
import { packageManifest } from "../../packages/package-manifest.ts";
import { type Context, Hono } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import { readJsonBody } from "../openai/body.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { AdminActivity } from "./activity/admin-activity.ts";
import { summaryOf } from "./activity/decision-of.ts";
import { RESOLUTIONS } from "./activity/traffic.ts";
import { agentOf } from "./agent-of.ts";
import type { AgentList, BackendList, DecisionList, ErrorAnswer, ErrorList, GuestList, ReloadAnswer, Status } from "./api.ts";
import { backendPatchOf, reloadRequestOf } from "./bodies.ts";
import { checkAdminKey } from "./check-admin-key.ts";
import { clusterOf, configVersionOf } from "./cluster-of.ts";
import { reloadCluster } from "./cluster-reload.ts";
import { configDiffOf } from "./config-diff-of.ts";
import { eventStream } from "./event-stream.ts";
import openApi from "./openapi.json" with { type: "json" };
import { ADMIN_OPERATIONS, type AdminOperationId } from "./operations.ts";
import { type Query, readQuery } from "./query.ts";
import { cancelledRun, retriedRun, runsOf } from "./runs-of.ts";
import { backendOf, guestOf, totalsOf } from "./status-of.ts";

/** Largest body of a request, in bytes. */
const MAX_BODY_BYTES = 16_384;

/** Headers of an answer of server-sent events. Proxies must not collect them. */
const EVENT_STREAM = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };

type Handler<I extends AdminOperationId> = (
	c: Context<ServeEnv>,
	query: Query<(typeof ADMIN_OPERATIONS)[I]["query"]>,
) => Response | Promise<Response>;

type Handlers = { readonly [I in AdminOperationId]: Handler<I> };

/** Creates the application of the admin API, for the path `/admin/v1`. Every path needs the key, those that do not exist too. */
export function adminApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	const activity = collectedActivity(context);
	app.use(async (c, next) => {
		checkAdminKey(c, context);
		await next();
		c.res.headers.set("cache-control", "no-store");
	});
	const handlers = handlersOf(context, activity);
	for (const id of Object.keys(ADMIN_OPERATIONS)) if (isOperationId(id)) addRoute(app, id, handlers[id]);
	for (const [path, methods] of methodsByPath()) {
		app.all(path, (c) => {
			throw new HttpError(405, "method_not_allowed", `${c.req.path} has no ${c.req.method}; it has ${methods}`, {
				headers: { allow: methods },
			});
		});
	}
	app.all("*", (c) => {
		throw new HttpError(404, "not_found", `there is no ${c.req.method} ${c.req.path}; GET /admin/v1/openapi.json describes the admin API`);
	});
	return app;
}

/** Returns the host's activity. The collection begins as soon as the admin API has a key. */
function collectedActivity({ host, settings, signal }: ServeContext): () => AdminActivity {
	let activity: AdminActivity | undefined;
	const collect = (): AdminActivity => {
		if (activity !== undefined) return activity;
		activity = new AdminActivity(Date.now);
		const stop = activity.collect(host);
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
		return activity;
	};
	const collectIfOn = (): void => {
		if (settings().adminDigest !== undefined) collect();
	};
	collectIfOn();
	const unlisten = host.onReload(collectIfOn);
	signal.addEventListener("abort", unlisten, { once: true });
	return collect;
}

function addRoute<I extends AdminOperationId>(app: Hono<ServeEnv>, id: I, handler: Handlers[I]): void {
	const { method, path, query } = ADMIN_OPERATIONS[id];
	app.on(method, routePath(path), (c) => handler(c, readQuery(query, new URL(c.req.url).searchParams) as never));
}

function handlersOf(context: ServeContext, activity: () => AdminActivity): Handlers {
	const { host, agents, draining } = context;
	const startedAtMs = Date.now();
	return {
		getStatus: (c) => c.json(statusOf(context, activity(), startedAtMs)),
		listBackends: (c) => c.json({ backends: host.status().backends.map(backendOf) } satisfies BackendList),
		changeBackend: async (c) => {
			const name = c.req.param("name") ?? "";
			if (!host.backends().some((backend) => backend.name === name))
				throw new HttpError(404, "not_found", `there is no backend '${guestName(name)}'`);
			const patch = backendPatchOf(await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES }));
			return c.json(backendOf(host.override(name, patch)));
		},
		listDecisions: (c, { limit, cursor, ...filter }) => {
			const { decisions } = activity();
			const { decisions: found, nextBelow } = decisions.page(filter, limit, cursor);
			return c.json({
				decisions: found.map(summaryOf),
				...(nextBelow === undefined ? {} : { next_cursor: String(nextBelow) }),
				kept: decisions.size,
				capacity: decisions.capacity,
			} satisfies DecisionList);
		},
		getDecision: (c) => {
			const id = c.req.param("id") ?? "";
			const decision = activity().decisions.get(id);
			if (decision === undefined)
				throw new HttpError(404, "not_found", `there is no decision '${guestName(id)}'; the server keeps the last ones only`);
			return c.json(decision);
		},
		streamEvents: (c, { types }) => {
			// Nobody would read the stream, and so end the subscription.
			if (c.req.raw.method === "HEAD") return c.body(null, 200, EVENT_STREAM);
			const wanted: ReadonlySet<string> | undefined = types === undefined ? undefined : new Set(types);
			const lastId = c.req.header("last-event-id") || undefined;
			const subscription = activity().events.subscribe(({ type }) => wanted?.has(type) ?? true, lastId);
			if (subscription === undefined)
				throw new HttpError(503, "overloaded", "too many event streams are open; close one", { headers: { "retry-after": "5" } });
			return c.body(eventStream(subscription, AbortSignal.any([draining, c.req.raw.signal])), 200, EVENT_STREAM);
		},
		getTraffic: (c, { columns, ...query }) => {
			const most = RESOLUTIONS[query.resolution].columns;
			const { traffic, now } = activity();
			return c.json(traffic.answer({ ...query, columns: Math.min(columns ?? most, most) }, now));
		},
		listErrors: (c) => c.json({ errors: activity().errors.list() } satisfies ErrorList),
		listGuests: (c) => c.json({ guests: host.status().guests.map(guestOf) } satisfies GuestList),
		listAgents: (c) => c.json({ agents: agents.all().map(agentOf) } satisfies AgentList),
		reload: async (c) => {
			const { dry_run: dryRun = false } = reloadRequestOf(await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES }));
			try {
				const report = await host.reload(undefined, { dryRun });
				return c.json({ applied: report.applied, digest: report.digest, diff: configDiffOf(report) } satisfies ReloadAnswer);
			} catch (thrown) {
				if (thrown instanceof ConfigError) return c.json(configFault(thrown, c.get("requestId")), 422);
				throw thrown;
			}
		},
		getCluster: async (c) => c.json(clusterOf(await host.cluster?.status())),
		reloadCluster: async (c) => {
			const request = reloadRequestOf(await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES }));
			return c.body(await reloadCluster(host, request, AbortSignal.any([draining, c.req.raw.signal])), 200, EVENT_STREAM);
		},
		listRuns: async (c, query) => c.json(await runsOf(context, query)),
		cancelRun: async (c) => c.json(await cancelledRun(c.req.param("id") ?? "", context)),
		retryRun: async (c) => {
			const run = await retriedRun(c.req.param("id") ?? "", context);
			context.worker.start();
			return c.json(run);
		},
		getOpenApi: (c) => c.json(openApi),
	};
}

function statusOf({ host, isDraining }: ServeContext, { events, now }: AdminActivity, startedAtMs: number): Status {
	const { requests, runs, totals, backends, config } = host.status();
	const { used, limit } = host.memory();
	const { rss, heapUsed } = memoryUsage();
	const count = (...states: readonly BackendHealth[]): number => backends.filter(({ health }) => states.includes(health)).length;
	return {
		version: packageManifest().version,
		started_at_ms: startedAtMs,
		uptime_ms: Math.max(0, now - startedAtMs),
		now_at_ms: now,
		draining: isDraining(),
		requests: {
			in_flight: [...requests.inFlight.values()].reduce((sum, each) => sum + each, 0),
			by_operation: [...requests.inFlight].map(([operation, each]) => ({ operation, count: each })),
			pending: requests.pending,
		},
		runs: { running: runs.running, waiting: runs.pending },
		memory: {
			guests_used_bytes: used,
			...(Number.isFinite(limit) ? { guests_limit_bytes: limit } : {}),
			rss_bytes: rss,
			heap_used_bytes: heapUsed,
		},
		totals: totalsOf(totals),
		backends: {
			total: backends.length,
			healthy: count("healthy"),
			degraded: count("degraded"),
			unavailable: count("unavailable"),
			set_aside: count("draining", "disabled"),
		},
		subscribers: events.subscribers,
		config: configVersionOf(config),
		...(host.cluster === undefined ? {} : { cluster: { host: host.cluster.host, store_reachable: host.cluster.isReachable } }),
	};
}

function configFault({ faults }: ConfigError, requestId: string): ErrorAnswer {
	const message = `the configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}; nothing was changed`;
	return {
		error: {
			code: "invalid_config",
			message,
			retryable: false,
			request_id: requestId,
			faults: faults
				.slice(0, 100)
				.map(({ path, line, message: fault }) => ({ path, ...(line === undefined ? {} : { line }), message: fault })),
		},
	};
}

function methodsByPath(): Map<string, string> {
	const methods = new Map<string, string>();
	for (const { method, path } of Object.values(ADMIN_OPERATIONS)) methods.set(routePath(path), method === "GET" ? "GET, HEAD" : method);
	return methods;
}

/** Returns a path with its parameters as Hono writes them. */
function routePath(path: string): string {
	return path.replace(/\{(\w+)\}/g, ":$1");
}

function isOperationId(id: string): id is AdminOperationId {
	return Object.hasOwn(ADMIN_OPERATIONS, id);
}
