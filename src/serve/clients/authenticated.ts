import type { MiddlewareHandler } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Refuses requests without the key of a client, and sets `client` for the routes behind it. */
export function authenticated({ clients }: Pick<ServeContext, "clients">): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		c.set("client", clients.identify(c.req.raw.headers));
		await next();
	};
}
