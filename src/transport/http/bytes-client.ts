import { Pool } from "undici/index.js";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { Network } from "../network.ts";
import { connectorFor, forwarded } from "../proxy/connector.ts";
import { flattenHeaders, type Headers } from "./headers.ts";

/** A request whose body is in memory, and whose answer is bounded. */
export interface BytesRequest {
	readonly method: "GET" | "PUT" | "POST" | "DELETE";
	/** Path and query. */
	readonly path: string;
	readonly headers: Headers;
	/** Must not change before the answer. */
	readonly body?: Uint8Array;
	/** Most bytes of the answer. */
	readonly maxBytes: number;
}

export interface BytesResponse {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Buffer;
}

export interface BytesClientOptions {
	/** Proxies and certificate authorities. */
	readonly network: Network;
	/** Longest duration of a request, in milliseconds. */
	readonly timeoutMs: number;
	/** Most connections. Further requests wait for one. */
	readonly maxConnections: number;
}

/** HTTP client of one origin for short requests, such as the parts of an object. Redirects are not followed. */
export class BytesClient {
	readonly #pool: Pool;
	readonly #timeoutMs: number;
	/** Returns the path and further headers of a request, as a proxy needs them. */
	readonly #forwarded: (path: string) => { readonly path: string; readonly headers: Headers };
	readonly #closing = new AbortController();

	constructor(origin: URL, { network, timeoutMs, maxConnections }: BytesClientOptions) {
		const connect = connectorFor(origin, network);
		this.#timeoutMs = timeoutMs;
		this.#pool = new Pool(origin.origin, {
			allowH2: false,
			connections: maxConnections,
			// The time limit of each request replaces them.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect: (target, callback) => {
				const late = (): unknown => attempt?.destroy(new Error(`no connection within ${timeoutMs} ms`));
				const timer = setTimeout(late, timeoutMs);
				const attempt = connect(target, (...result) => {
					clearTimeout(timer);
					callback(...result);
				});
			},
		});
		const proxy = origin.protocol === "http:" ? network.proxyFor(origin) : undefined;
		this.#forwarded = (path) => (proxy === undefined ? { path, headers: {} } : forwarded(path, origin, proxy));
	}

	/**
	 * Sends a request. Resolves with the whole answer, whatever its status.
	 *
	 * @throws SpearError `timeout` or `cancelled`; the error of the connection; an error for an answer that is too large.
	 */
	async send({ method, path, headers, body, maxBytes }: BytesRequest): Promise<BytesResponse> {
		const timeout = new AbortController();
		const fire = (): void => timeout.abort(new SpearError("timeout", `no answer within ${this.#timeoutMs} ms`));
		const timer = setTimeout(fire, this.#timeoutMs);
		const signal = AbortSignal.any([timeout.signal, this.#closing.signal]);
		try {
			const target = this.#forwarded(path);
			const all = { ...headers, ...target.headers };
			const answer = await this.#pool.request({ method, path: target.path, headers: all, body: body ?? null, signal });
			const chunks: Uint8Array[] = [];
			let bytes = 0;
			for await (const chunk of answer.body) {
				const part: Uint8Array = chunk;
				bytes += part.byteLength;
				if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
				chunks.push(part);
			}
			return { status: answer.statusCode, headers: flattenHeaders(answer.headers), body: Buffer.concat(chunks) };
		} catch (thrown) {
			throw signal.aborted ? abortError(signal) : thrown;
		} finally {
			clearTimeout(timer);
		}
	}

	/** Ends requests in flight with `cancelled`, and closes every connection. */
	async close(): Promise<void> {
		this.#closing.abort(new SpearError("cancelled", "the host is closed"));
		await this.#pool.destroy();
	}
}
