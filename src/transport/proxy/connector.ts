import { Socket } from "node:net";
import { buildConnector } from "undici/index.js";
import { reportReset } from "../http/connection-reset.ts";
import { ignoreContinue } from "../http/informational.ts";
import type { HttpProxy, Network } from "../network.ts";
import { hostOf, portOf } from "../url-host.ts";
import { unreachableProxy } from "./proxy-error.ts";
import { type Connecting, openTunnel } from "./tunnel.ts";

/** Establishes a connection for undici. Returns the attempt, which can be cancelled until the callback. */
export type Connector = (target: buildConnector.Options, callback: buildConnector.Callback) => Connecting | undefined;

/**
 * Returns the connector for one origin: direct, or through its proxy. A connection to an https origin is a tunnel, so the proxy sees
 * no request. Requests to an http origin are sent to the proxy itself.
 */
export function connectorFor(origin: URL, { proxyFor, secureContext }: Network): Connector {
	const connect = buildConnector({ allowH2: false, timeout: 0, ...(secureContext === undefined ? {} : { secureContext }) });
	const direct: Connector = (target, callback) => {
		const socket: unknown = connect(target, (...result) => {
			if (result[0] === null) {
				ignoreContinue(result[1]);
				reportReset(result[1]);
			}
			callback(...result);
		});
		return socket instanceof Socket ? socket : undefined;
	};
	const proxy = proxyFor(origin);
	if (proxy === undefined) return direct;
	if (origin.protocol === "http:") return toProxy(proxy.url, direct);
	return (target, callback) => {
		const tunnel = { proxy, host: target.hostname, port: portOf(target), secureContext };
		return openTunnel(tunnel, (error, httpSocket) => {
			if (error !== null) callback(error, null);
			else direct({ ...target, httpSocket }, callback);
		});
	};
}

/** Returns a connector that connects to the proxy, whatever the target. */
function toProxy(proxy: URL, direct: Connector): Connector {
	const { host, protocol, port } = proxy;
	const address = { hostname: hostOf(proxy), host, protocol, port };
	return ({ servername: _, ...target }, callback) =>
		direct({ ...target, ...address }, (...result) => {
			if (result[0] === null) callback(...result);
			else callback(unreachableProxy(proxy, result[0]), null);
		});
}

/** Headers and path of a request to an http origin through a proxy. */
export function forwarded(
	path: string,
	origin: URL,
	proxy: HttpProxy,
): { readonly path: string; readonly headers: Record<string, string> } {
	return {
		path: `${origin.origin}${path}`,
		headers: proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization },
	};
}
