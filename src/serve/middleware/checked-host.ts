import { isLoopback } from "../../config/serve-settings.ts";
import type { MiddlewareHandler } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/**
 * Refuses requests by a name that is not the server's. A web page whose own name leads to a loopback address (DNS rebinding) could otherwise use a
 * server without keys.
 */
export function checkedHost({ settings, clients }: Pick<ServeContext, "settings" | "clients">): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		const { allowedHosts, host } = settings().server;
		const name = hostName(c.req.raw);
		const isAllowed =
			allowedHosts === undefined
				? clients.areKeysNeeded || isLoopback(name) || name === host.toLowerCase()
				: allowedHosts.includes(name) || isLoopback(name);
		if (!isAllowed)
			throw new HttpError(421, "wrong_host", "the server is not known by this name; list it in allowed_hosts of [server] in spear.toml");
		await next();
	};
}

/** Returns the name in the header `Host`, without the port. */
function hostName({ headers, url }: Request): string {
	const host = headers.get("host") ?? URL.parse(url)?.host ?? "";
	return host.replace(/:[0-9]{1,5}$/, "").toLowerCase();
}
