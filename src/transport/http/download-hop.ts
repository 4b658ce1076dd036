import { Client, type Dispatcher } from "undici/index.js";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { DIRECT } from "../network.ts";
import type { Connecting } from "../proxy/tunnel.ts";
import { Watchdog } from "../watchdog.ts";
import { canDecode, contentCoding } from "./content-encoding.ts";
import { decodedBody } from "./decoded-body.ts";
import { downloadFailure, downloadRefused, downloadTimeout } from "./download-error.ts";
import type { Download, DownloadOptions, DownloadTimeouts } from "./download-options.ts";
import { guardedConnector } from "./guarded-connector.ts";
import { flattenHeaders, type Headers } from "./headers.ts";

export interface HopOptions extends DownloadOptions {
	readonly timeouts: DownloadTimeouts;
	/** Ends the hop and closes its socket. */
	readonly signal: AbortSignal;
}

/** Redirects whose target is fetched with the same method. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A request of a download, on a connection of its own. */
export class DownloadHop {
	readonly #url: URL;
	readonly #options: HopOptions;
	readonly #signal: AbortSignal;
	readonly #client: Client;
	/** Aborted by the time limits of this hop. */
	readonly #timeout = new AbortController();
	readonly #watchdog = new Watchdog((error) => this.#timeout.abort(error));
	#connecting: Connecting | undefined;
	#body: Dispatcher.ResponseData["body"] | undefined;
	#headers: Headers = {};

	constructor(url: URL, options: HopOptions) {
		this.#url = url;
		this.#options = options;
		this.#signal = AbortSignal.any([options.signal, this.#timeout.signal]);
		const connect = guardedConnector({
			checkAddress: (address) => options.guard.address(address, url),
			resolve: options.resolve,
			network: options.network ?? DIRECT,
			url,
			onConnecting: (attempt) => {
				this.#connecting = attempt;
				if (this.#signal.aborted) attempt.destroy();
			},
			onConnected: () => this.#watchBytes(options.timeouts.firstByteTimeoutMs),
		});
		this.#client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, connect });
	}

	/**
	 * Sends the request. Returns the URL of a redirect, or `undefined` if the body follows.
	 *
	 * @throws SpearError for an answer that cannot be used.
	 */
	async start(): Promise<URL | undefined> {
		const { connectTimeoutMs, firstByteTimeoutMs } = this.#options.timeouts;
		this.#watchdog.watch(connectTimeoutMs, () => downloadTimeout(`accepted no connection within ${connectTimeoutMs} ms`));
		const onAbort = (): void => this.#close();
		this.#signal.addEventListener("abort", onAbort, { once: true });
		try {
			const { statusCode, headers, body } = await this.#client.request({
				method: "GET",
				path: `${this.#url.pathname}${this.#url.search}`,
				headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "spear-hostcall" },
			});
			body.on("error", () => {}); // The reader receives the error. Without a listener it would end the process.
			this.#body = body;
			this.#headers = flattenHeaders(headers);
			const next = this.#check(statusCode);
			this.#watchBytes(firstByteTimeoutMs);
			if (next !== undefined) this.#close();
			return next;
		} catch (thrown) {
			this.#close();
			throw this.#signal.aborted ? abortError(this.#signal) : downloadFailure(this.#url, thrown);
		} finally {
			this.#signal.removeEventListener("abort", onAbort);
		}
	}

	/** Returns the body that follows {@link start}. Calls `onEnd` once it needs no more cleaning up. */
	body(onEnd: () => void): Download {
		const body = this.#body;
		if (body === undefined) throw new Error("the hop has not started");
		const end = (): void => {
			this.#signal.removeEventListener("abort", end);
			this.#close();
			onEnd();
		};
		this.#signal.addEventListener("abort", end, { once: true });
		this.#watchdog.clear();
		const chunks = this.#read(body, end);
		const coding = this.#coding;
		return {
			contentType: this.#headers["content-type"],
			size: this.#size,
			chunks: coding === undefined ? chunks : this.#decoded(chunks, coding, end),
			discard: end,
		};
	}

	get #coding(): string | undefined {
		return contentCoding(this.#headers["content-encoding"]);
	}

	/** Length of the file. Unknown for an encoded body, whose own length the server sends. */
	get #size(): number | undefined {
		const length = this.#coding === undefined ? this.#headers["content-length"] : undefined;
		return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
	}

	/** Returns the URL of a redirect, or `undefined` for an answer that holds the file. */
	#check(status: number): URL | undefined {
		const { location } = this.#headers;
		if (REDIRECTS.has(status) && location !== undefined) {
			const next = URL.parse(location, this.#url.href);
			if (next === null) throw downloadRefused(this.#url, "redirects to something other than a URL");
			return next;
		}
		if (status !== 200) throw downloadRefused(this.#url, `answers with status ${status}`, status);
		if (this.#coding !== undefined && !canDecode(this.#coding)) {
			throw downloadRefused(this.#url, "encodes its answer in an unknown way, which was not asked for");
		}
		if (this.#size !== undefined && this.#size > this.#options.maxBytes) throw this.#tooLarge();
		return undefined;
	}

	async *#read(body: Dispatcher.ResponseData["body"], end: () => void): AsyncGenerator<Uint8Array, void, void> {
		const { timeouts, maxBytes } = this.#options;
		let bytes = 0;
		try {
			if (this.#signal.aborted) throw abortError(this.#signal);
			const chunks = body[Symbol.asyncIterator]();
			for (;;) {
				this.#watchBytes(bytes === 0 ? timeouts.firstByteTimeoutMs : timeouts.idleTimeoutMs);
				const step = await chunks.next();
				this.#watchdog.clear();
				if (step.done === true) return;
				const chunk: Uint8Array = step.value;
				bytes += chunk.byteLength;
				if (bytes > maxBytes) throw this.#tooLarge();
				yield chunk;
			}
		} catch (thrown) {
			throw this.#signal.aborted ? abortError(this.#signal) : downloadFailure(this.#url, thrown);
		} finally {
			end();
		}
	}

	#decoded(body: AsyncGenerator<Uint8Array, void, void>, coding: string, end: () => void): AsyncGenerator<Uint8Array, void, void> {
		return decodedBody(body, {
			coding,
			maxBytes: this.#options.maxBytes,
			onEnd: end,
			tooLarge: () => this.#tooLarge(),
			malformed: () => downloadRefused(this.#url, "sends data that its content-encoding does not allow"),
		});
	}

	#watchBytes(ms: number): void {
		this.#watchdog.watch(ms, () => downloadTimeout(`sent nothing for ${ms} ms`));
	}

	#close(): void {
		this.#watchdog.stop();
		// undici aborts a request only after its connection is established or has failed.
		this.#connecting?.destroy();
		void this.#client.destroy().catch(() => {});
	}

	#tooLarge(): SpearError {
		return new SpearError(
			"invalid_request",
			`the file behind the URL is larger than the ${this.#options.maxBytes} bytes that the host accepts`,
		);
	}
}
