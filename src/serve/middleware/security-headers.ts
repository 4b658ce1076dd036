import type { MiddlewareHandler } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";

/** Headers of every answer. No page of another origin may read, frame or guess the type of one. */
const HEADERS: Readonly<Record<string, string>> = {
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"cross-origin-resource-policy": "same-origin",
};

export const securityHeaders: MiddlewareHandler<ServeEnv> = async (c, next) => {
	await next();
	for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};
