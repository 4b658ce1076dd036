/** A proxy that cannot be reached, or that opens no connection to the upstream. Holds no credentials. */
export class ProxyError extends Error {
	override readonly name = "ProxyError";
	readonly code: "ERR_PROXY_UNREACHABLE" | "ERR_PROXY_AUTHENTICATION" | "ERR_PROXY_REFUSED" | "ERR_PROXY_FAILED";

	constructor(code: ProxyError["code"], proxy: URL, what: string) {
		super(`proxy ${proxy.origin}: ${what}`);
		this.code = code;
	}
}

/** Returns the error for an answer of a proxy that opens no connection. */
export function refusedByProxy(proxy: URL, status: number): ProxyError {
	const code = status === 407 ? "ERR_PROXY_AUTHENTICATION" : status >= 500 ? "ERR_PROXY_FAILED" : "ERR_PROXY_REFUSED";
	return new ProxyError(code, proxy, `status ${status}`);
}

/** Returns the error for a connection to a proxy that could not be established. */
export function unreachableProxy(proxy: URL, thrown: Error): ProxyError {
	const code = "code" in thrown && typeof thrown.code === "string" ? `${thrown.code}: ` : "";
	return new ProxyError("ERR_PROXY_UNREACHABLE", proxy, `${code}${thrown.message}`);
}
