import type { SecureContext } from "node:tls";

/** An HTTP proxy. */
export interface HttpProxy {
	/** URL of the proxy, without user and password. */
	readonly url: URL;
	/** Value of `proxy-authorization`, a secret. Absent for a proxy without credentials. */
	readonly authorization: string | undefined;
}

/** Path of connections to upstreams: proxies and certificate authorities of the host. */
export interface Network {
	/** Returns the proxy for a URL, or `undefined` for a direct connection. */
	proxyFor(url: URL): HttpProxy | undefined;
	/** TLS context with the operator's certificate authorities. Absent for the default authorities. */
	readonly secureContext: SecureContext | undefined;
	/** Credentials of proxies, to be redacted. */
	readonly secrets: readonly string[];
}

/** Direct connections, with the default certificate authorities. */
export const DIRECT: Network = { proxyFor: () => undefined, secureContext: undefined, secrets: [] };
