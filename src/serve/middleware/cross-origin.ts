import type { MiddlewareHandler } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Paths that pages of other origins may use. The admin API, the page and the metrics are not among them. */
const PATHS = /^\/(?:v1|agents)(?:\/|$)/;

/** Headers of an answer that a page may read. */
const EXPOSED = "x-request-id, x-spear-backend, x-spear-decision, retry-after";

/** Names of headers that a page wants to send, as browsers list them. */
const HEADER_NAMES = /^[a-z0-9-]{1,64}(?:, ?[a-z0-9-]{1,64}){0,63}$/i;

/** Time for which a browser keeps the answer to its question, in seconds. */
const MAX_AGE_S = 600;

/**
 * Permits pages of the origins in `cors_origins` to use `/v1` and `/agents`. Without any, no page of another origin may. Never permits credentials of
 * the browser, such as cookies: the server has none, and a key is sent by the page itself.
 */
export function crossOrigin({ settings }: Pick<ServeContext, "settings">): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		const { corsOrigins } = settings().server;
		if (corsOrigins.length === 0 || !PATHS.test(c.req.path)) {
			await next();
			return;
		}
		const allowed = allowedOrigin(c.req.header("origin"), corsOrigins);
		const isQuestion = c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined;
		if (isQuestion) c.res = new Response(null, { status: 204 });
		else await next();
		const { headers } = c.res;
		headers.append("vary", "origin");
		if (allowed === undefined) return;
		headers.set("access-control-allow-origin", allowed);
		headers.set("access-control-expose-headers", EXPOSED);
		if (!isQuestion) return;
		const wanted = c.req.header("access-control-request-headers") ?? "";
		headers.set("access-control-allow-methods", "GET, POST");
		if (HEADER_NAMES.test(wanted)) headers.set("access-control-allow-headers", wanted);
		headers.set("access-control-max-age", String(MAX_AGE_S));
	};
}

function allowedOrigin(origin: string | undefined, allowed: readonly string[]): string | undefined {
	if (origin === undefined) return undefined;
	if (allowed.includes(origin)) return origin;
	return allowed.includes("*") ? "*" : undefined;
}
