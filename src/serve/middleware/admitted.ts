import type { MiddlewareHandler } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Refuses work while the server drains, and beyond `max_requests`. For the routes that do the server's work. */
export function admitted({ settings, requests, isDraining }: ServeContext): MiddlewareHandler<ServeEnv> {
	return async (_, next) => {
		if (isDraining())
			throw new HttpError(503, "draining", "the server is stopping; send the request again", {
				headers: { "retry-after": "1", connection: "close" },
			});
		const { maxRequests } = settings().server;
		if (requests.running > maxRequests)
			throw new HttpError(503, "overloaded", `the server has ${maxRequests} requests in progress, its limit; send the request again`, {
				headers: { "retry-after": "1" },
			});
		await next();
	};
}
