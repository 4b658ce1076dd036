import type { DiscoveredModel } from "../../backends/discovery.ts";

/**
 * The fault that a check found.
 * - `no_key`: no key is set, or the host cannot use it: a token file without a token, a value that no header can carry.
 * - `unreachable`: no connection, for example because the server is down or the network is.
 * - `dns`: the name of the server is unknown.
 * - `tls`: no secure connection, for example because of the certificate.
 * - `proxy`: the proxy does not serve the request.
 * - `wrong_url`: a server answers, but no API is at the URL.
 * - `key_refused`: the upstream refuses the key, or demands one.
 * - `model_unknown`: the upstream does not list a configured model.
 * - `quota`: the key works, but money or quota are used up.
 * - `rate_limited`: the key works, but the upstream asks to slow down.
 * - `timeout`: no answer in time.
 * - `failed`: any other failure.
 */
export type CheckFault =
	| "no_key"
	| "unreachable"
	| "dns"
	| "tls"
	| "proxy"
	| "wrong_url"
	| "key_refused"
	| "model_unknown"
	| "quota"
	| "rate_limited"
	| "timeout"
	| "failed";

/** The result of a check of one backend. Holds no key. */
export interface BackendCheck {
	readonly name: string;
	readonly kind: string;
	/** `unchecked` for a kind without a request that checks anything, such as `stub`. */
	readonly status: "ok" | "failed" | "unchecked";
	/** Absent unless the status is `failed`. */
	readonly fault?: CheckFault;
	/** A line for the operator: the fault, and what to do. May name the URL and the variables of keys. */
	readonly message: string;
	/** Duration of the requests, in milliseconds. */
	readonly durationMs: number;
	/** Models that the upstream lists. Absent if it has no list, or failed. */
	readonly models?: readonly DiscoveredModel[];
}

export interface CheckOptions {
	/** Cancels the checks. */
	readonly signal?: AbortSignal;
	/** Longest time for each backend, in milliseconds. The default is 10,000. */
	readonly timeoutMs?: number;
	/** Names of the backends to check. The default is all. */
	readonly backends?: readonly string[];
}
