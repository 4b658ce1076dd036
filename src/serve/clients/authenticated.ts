import type { MiddlewareHandler } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Refuses requests without the key of a client, and those beyond the client's share. Sets `client` and `chargeBody` for the routes behind it. */
export function authenticated({ clients, load }: Pick<ServeContext, "clients" | "load">): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		const client = clients.identify(c.req.raw.headers);
		c.set("client", client);
		load.check(client);
		const { chargeBody, end } = load.begin(client);
		c.set("chargeBody", chargeBody);
		const { outgoing } = c.env;
		// The answer may hold parts of the request until it is sent.
		outgoing?.once("close", end);
		try {
			await next();
		} finally {
			if (outgoing === undefined) end();
		}
	};
}
