import type { Redact } from "../../redaction/secrets.ts";
import { createUpstreamRedactor } from "../../redaction/upstream-redactor.ts";
import type { Headers } from "./headers.ts";

/** Description of a request to an upstream, for errors. */
export interface Exchange {
	/** Method, origin and path, such as `POST https://api.example.com/v1/embeddings`. For the host's log. */
	readonly target: string;
	/** The upstream's name or address. Never shown to a guest. */
	readonly hostname: string;
	/** Replaces the secrets of this request in a text. */
	readonly redact: Redact;
}

/**
 * Length from which a configured header's value counts as a secret, in characters. Keys do not belong into headers, but an operator
 * may put one there. A shorter value is likely an ordinary word.
 */
const MIN_SECRET_HEADER_LENGTH = 12;

export interface ExchangeSecrets {
	/** Headers of the instance. */
	readonly headers?: Headers | undefined;
	/** The key of the request. */
	readonly secret?: string | undefined;
	/** Credentials of proxies. */
	readonly proxySecrets?: readonly string[];
}

/** Returns the exchange for a request to `url`. */
export function exchangeOf(method: string, url: URL, { headers = {}, secret, proxySecrets = [] }: ExchangeSecrets): Exchange {
	return new ExchangeSource(url, headers, proxySecrets).exchange(method, url.pathname, secret, []);
}

/** Makes the exchanges of one client. What all of them share is made once. */
export class ExchangeSource {
	readonly #origin: string;
	readonly #hostname: string;
	readonly #secrets: readonly string[];
	/** The latest exchange, by all that it depends on. Most requests of a client are equal in these. */
	#latest: { readonly method: string; readonly path: string; readonly secret: string | undefined; readonly exchange: Exchange } | undefined;

	/**
	 * @param url A URL of the upstream.
	 * @param headers Headers of the instance. Long values count as secrets.
	 * @param proxySecrets Credentials of proxies.
	 */
	constructor(url: URL, headers: Headers, proxySecrets: readonly string[]) {
		this.#origin = url.origin;
		this.#hostname = url.hostname;
		this.#secrets = [...Object.values(headers).filter((value) => value.length >= MIN_SECRET_HEADER_LENGTH), ...proxySecrets];
	}

	/**
	 * Returns the exchange of a request.
	 *
	 * @param path Path of the request. The query is not shown.
	 * @param secret The key of the request.
	 * @param signing Secrets that sign the request.
	 */
	exchange(method: string, path: string, secret: string | undefined, signing: readonly string[]): Exchange {
		const latest = this.#latest;
		const isSame = latest?.method === method && latest.path === path && latest.secret === secret;
		if (isSame && signing.length === 0) return latest.exchange;
		const query = path.indexOf("?");
		const exchange = {
			target: `${method} ${this.#origin}${query === -1 ? path : path.slice(0, query)}`,
			hostname: this.#hostname,
			redact: createUpstreamRedactor([secret, ...this.#secrets, ...signing]),
		};
		if (signing.length === 0) this.#latest = { method, path, secret, exchange };
		return exchange;
	}
}
