import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { HttpProxy } from "../network.ts";
import { hostOf, portOf } from "../url-host.ts";
import { refusedByProxy, unreachableProxy } from "./proxy-error.ts";

export interface TunnelOptions {
	readonly proxy: HttpProxy;
	/** Name or address of the upstream, without brackets. The proxy resolves a name. */
	readonly host: string;
	readonly port: string;
	/** TLS context for a proxy that is reached over https. */
	readonly secureContext: SecureContext | undefined;
}

/** A connection that is being established. */
export interface Connecting {
	destroy(error?: Error): void;
}

/**
 * Opens a connection to an upstream through a proxy, by CONNECT. Calls back once: with the socket, or with a ProxyError.
 *
 * @returns the attempt, which can be cancelled until the callback.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export function openTunnel(
	{ proxy, host, port, secureContext }: TunnelOptions,
	callback: (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
): Connecting {
	const { url, authorization } = proxy;
	const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
	const proxyHost = hostOf(url);
	const options: RequestOptions & { readonly secureContext?: SecureContext } = {
		method: "CONNECT",
		host: proxyHost,
		port: portOf(url),
		path: authority,
		setHost: false,
		headers: {
			host: authority,
			"user-agent": "spear-hostcall",
			...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
		},
		agent: false,
		...(secureContext === undefined ? {} : { secureContext }),
		...(isIP(proxyHost) === 0 ? { servername: proxyHost } : {}),
	};
	const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(options);
	let connecting: Connecting = request;
	let settled = false;
	const settle: typeof callback = (...result) => {
		if (settled) return;
		settled = true;
		callback(...result);
	};
	request.on("connect", ({ statusCode = 0 }, socket, head) => {
		connecting = socket;
		if (statusCode < 200 || statusCode > 299) {
			socket.destroy();
			settle(refusedByProxy(url, statusCode), null);
			return;
		}
		socket.on("error", () => {}); // The layer above receives the error. Without a listener it would end the process.
		if (head.byteLength > 0) socket.unshift(head);
		if (socket instanceof Socket) settle(null, socket);
	});
	request.on("error", (error) => settle(unreachableProxy(url, error), null));
	request.end();
	return { destroy: (error) => connecting.destroy(error) };
}
