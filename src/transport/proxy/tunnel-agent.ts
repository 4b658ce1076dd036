import { Agent, type ClientRequestArgs } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { HttpProxy, Network } from "../network.ts";
import { hostOf, portOf } from "../url-host.ts";
import { type Connecting, openTunnel } from "./tunnel.ts";

export interface TunnelAgentOptions extends Pick<Network, "secureContext"> {
	readonly proxy: HttpProxy;
	/** The URL of the upstream. */
	readonly url: URL;
	/** Called when the connection is established, TLS included. */
	readonly onConnected: () => void;
}

/** Opens one connection through a proxy for Node's HTTP client. */
export class TunnelAgent extends Agent {
	/** Node compares it with the scheme of the request. */
	readonly protocol: string;
	readonly #options: TunnelAgentOptions;
	#connecting: Connecting | undefined;

	constructor(options: TunnelAgentOptions) {
		super({ keepAlive: false });
		this.#options = options;
		this.protocol = options.url.protocol;
	}

	/** Cancels a connection that is being established. */
	cancel(): void {
		this.#connecting?.destroy();
	}

	override createConnection(_: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): undefined {
		const { proxy, url, secureContext, onConnected } = this.#options;
		const fail = (error: Error): void => void Reflect.apply(callback ?? (() => {}), undefined, [error]);
		const connected = (stream: Duplex): void => {
			onConnected();
			callback?.(null, stream);
		};
		const host = hostOf(url);
		const isSecure = url.protocol === "https:";
		this.#connecting = openTunnel({ proxy, host, port: portOf(url), secureContext }, (error, socket) => {
			if (error !== null) return fail(error);
			if (!isSecure) return connected(socket);
			const tls = connectTls({
				socket,
				host,
				servername: isIP(host) === 0 ? host : "",
				...(secureContext === undefined ? {} : { secureContext }),
			});
			tls.once("error", fail);
			tls.once("secureConnect", () => {
				tls.off("error", fail);
				connected(tls);
			});
		});
	}
}
