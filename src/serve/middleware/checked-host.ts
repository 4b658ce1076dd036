import { isLoopback } from "../../config/serve-settings.ts";
import type { MiddlewareHandler } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Parts of the context that tell names of the server. */
export type HostContext = Pick<ServeContext, "settings" | "clients">;

/**
 * Refuses requests by a name that is not the server's. A web page whose own name leads to a loopback address (DNS rebinding) could otherwise use a
 * server without keys.
 */
export function checkedHost(context: HostContext): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		checkHost(hostName(c.req.raw), context);
		await next();
	};
}

/**
 * Checks the name by which a request asks for the server.
 *
 * @param name In lower case, without the port.
 * @throws HttpError 421 for a name that is not the server's.
 */
export function checkHost(name: string, { settings, clients }: HostContext): void {
	const { allowedHosts, host } = settings().server;
	const isAllowed =
		allowedHosts === undefined
			? clients.areKeysNeeded || isLoopback(name) || name === host.toLowerCase()
			: allowedHosts.includes(name) || isLoopback(name);
	if (!isAllowed)
		throw new HttpError(421, "wrong_host", "the server is not known by this name; list it in allowed_hosts of [server] in spear.toml");
}

/** Returns the name in the header `Host`, without the port. */
function hostName({ headers, url }: Request): string {
	return withoutPort(headers.get("host") ?? URL.parse(url)?.host ?? "");
}

/** Returns the name of a host in lower case, without the port. */
export function withoutPort(host: string): string {
	return host.replace(/:[0-9]{1,5}$/, "").toLowerCase();
}
