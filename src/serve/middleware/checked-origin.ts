import type { MiddlewareHandler } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Methods that change nothing. */
const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses what a web page of another origin sends to a server without keys. Browsers send forms and plain text across origins without asking the
 * server, and name the origin of the page. With keys, such a page lacks one.
 */
export function checkedOrigin({ settings, clients }: Pick<ServeContext, "settings" | "clients">): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		if (!clients.areKeysNeeded && !SAFE.includes(c.req.method) && isForeign(c.req.raw.headers, settings().server.corsOrigins))
			throw new HttpError(
				403,
				"wrong_origin",
				"a page of another origin may not use this server; list its origin in cors_origins of [server]",
			);
		await next();
	};
}

function isForeign(headers: Headers, allowed: readonly string[]): boolean {
	const origin = headers.get("origin");
	if (origin === null) return headers.get("sec-fetch-site") === "cross-site";
	if (allowed.includes(origin) || allowed.includes("*")) return false;
	return URL.parse(origin)?.host !== headers.get("host")?.toLowerCase();
}
