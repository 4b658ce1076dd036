import { createServer } from "node:https";
import { createSecureContext } from "node:tls";
import type { Network } from "../../../src/transport/network.ts";
import { proxiesOf } from "../../../src/transport/proxy/proxies.ts";
import { createCertificates } from "../../helpers/certificates.ts";
import { ConnectProxy } from "../../helpers/connect-proxy.ts";

/** Credentials of the proxy. No error may hold them. */
export const USER = "operator";
export const PASSWORD = "pr0xy:secret/0815";
export const CREDENTIALS = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;

/** Certificates of a server `up.test` and of the proxy. */
export const CERTIFICATES = createCertificates("up.test", "proxy.test", "localhost");

export interface ProxySetting {
	readonly proxy: ConnectProxy;
	/** Sends everything through the proxy, with credentials, and trusts the test authority. */
	readonly network: Network;
}

/** Runs a test with a proxy. Fails if a connection of the proxy is open after it. */
export async function withProxy(run: (setting: ProxySetting) => Promise<void>, secure = false): Promise<void> {
	const proxy = await ConnectProxy.start(secure ? CERTIFICATES.server : undefined);
	const authority = secure ? `localhost:${proxy.port}` : `127.0.0.1:${proxy.port}`;
	const url = `${secure ? "https" : "http"}://${USER}:${encodeURIComponent(PASSWORD)}@${authority}`;
	try {
		await run({
			proxy,
			network: {
				...proxiesOf(undefined, { HTTPS_PROXY: url, HTTP_PROXY: url }),
				secureContext: createSecureContext({ ca: CERTIFICATES.ca }),
			},
		});
		await proxy.quiet();
	} finally {
		await proxy.close();
	}
}

/** Starts an https server `up.test` that answers every request with this JSON. Returns its port and its end. */
export async function secureServer(body: unknown): Promise<{ readonly port: number; close(): Promise<void> }> {
	const server = createServer(CERTIFICATES.server, (request, response) => {
		request.resume();
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
	return {
		port: address.port,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
