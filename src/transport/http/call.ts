import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { abortable } from "../../async/abortable.ts";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { Connecting } from "../proxy/tunnel.ts";
import { type BackendTimeouts, connectTimeout, firstByteTimeout, idleTimeout, uploadTimeout } from "../timeouts.ts";
import { Watchdog } from "../watchdog.ts";
import type { ConnectionListener, ConnectionPool } from "./connection-pool.ts";
import type { Exchange } from "./exchange.ts";
import { malformedError } from "./failure.ts";
import type { Headers } from "./headers.ts";
import { MultipartBody } from "./multipart.ts";
import type { HttpRequest } from "./options.ts";
import { transportError } from "./transport-error.ts";
import { type UploadListener, upload } from "./upload.ts";

export interface CallOptions {
	readonly request: HttpRequest;
	readonly exchange: Exchange;
	readonly timeouts: BackendTimeouts;
	/** Text of a JSON body. Absent for other bodies. */
	readonly json?: string | undefined;
	/** Boundary of a multipart body. The default is a random one. */
	readonly boundary?: string | undefined;
	/** Called once the call needs no more cleaning up. May be called several times. */
	readonly onEnd: () => void;
}

/** A request and its answer: time limits, abort, and the release of everything that belongs to them. */
export class HttpCall {
	readonly #options: CallOptions;
	readonly #multipart: MultipartBody | undefined;
	readonly #abort = new AbortController();
	readonly #watchdog = new Watchdog((error) => this.abort(error));
	readonly #onAbort = (): void => this.abort(abortError(this.#options.request.signal));

	/** @throws SpearError `invalid_request` for a multipart body that cannot be sent. */
	constructor(options: CallOptions) {
		const { request, boundary } = options;
		this.#options = options;
		this.#multipart = request.multipart === undefined ? undefined : new MultipartBody(request.multipart, boundary);
		request.signal.addEventListener("abort", this.#onAbort, { once: true });
	}

	/** Aborted when the call fails, for whatever reason. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** True if the caller has aborted the request. */
	get cancelled(): boolean {
		return this.#options.request.signal.aborted;
	}

	/** Ends the call with `error` and closes its socket. */
	abort(error: SpearError): void {
		this.#abort.abort(error);
	}

	/** Releases timers, files and listeners. Later calls have no effect. */
	end(): void {
		this.#watchdog.stop();
		this.#multipart?.stop();
		this.#options.request.signal.removeEventListener("abort", this.#onAbort);
		this.#options.onEnd();
	}

	/** Sends the request. Resolves with the headers of the answer, whatever its status. */
	async send(pool: ConnectionPool, path: string, headers: Headers): Promise<Dispatcher.ResponseData> {
		const { request, exchange } = this.#options;
		const { signal } = this;
		const connection = this.#watchConnection();
		const uploading = this.#watchUpload();
		this.#watchAnswer();
		const response = pool.request(
			{ method: request.method, path, headers: { ...this.#contentHeaders(), ...headers }, body: this.#body(uploading.listener), signal },
			connection.listener,
		);
		try {
			const answered = await abortable(response, signal);
			answered.body.on("error", () => {}); // The reader receives the error. Without a listener it would end the process.
			return answered;
		} catch (thrown) {
			// undici aborts a request only after its connection is established or has failed.
			if (signal.aborted) connection.abort();
			throw signal.aborted ? abortError(signal) : transportError(exchange, "waiting", thrown);
		} finally {
			uploading.detach();
			this.#watchdog.clear();
		}
	}

	/** Yields the chunks of a body as they arrive. Ends the call when the body ends or the reader leaves. */
	async *read(body: Dispatcher.ResponseData["body"], maxBytes: number): AsyncGenerator<Uint8Array, void, void> {
		const { exchange, timeouts } = this.#options;
		let bytes = 0;
		try {
			const chunks = body[Symbol.asyncIterator]();
			for (;;) {
				if (bytes === 0) this.#watchAnswer();
				else this.#watchdog.watch(timeouts.idleTimeoutMs, () => idleTimeout(timeouts.idleTimeoutMs));
				const step = await chunks.next();
				this.#watchdog.clear();
				if (step.done === true) return;
				const chunk: Uint8Array = step.value;
				bytes += chunk.byteLength;
				if (bytes > maxBytes) throw malformedError(exchange, `it is larger than ${maxBytes} bytes`);
				yield chunk;
			}
		} catch (thrown) {
			if (this.signal.aborted) throw abortError(this.signal);
			throw thrown instanceof SpearError ? thrown : transportError(exchange, "answering", thrown);
		} finally {
			this.end();
			body.destroy();
		}
	}

	#watchAnswer(): void {
		const { firstByteTimeoutMs } = this.#options.timeouts;
		this.#watchdog.watch(firstByteTimeoutMs, () => firstByteTimeout(firstByteTimeoutMs));
	}

	#watchConnection(): { readonly listener: ConnectionListener; readonly abort: () => void } {
		const { connectTimeoutMs } = this.#options.timeouts;
		let connecting: Connecting | undefined;
		const listener: ConnectionListener = {
			connecting: (attempt) => {
				connecting = attempt;
				this.#watchdog.watch(connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
			},
			settled: () => {
				connecting = undefined;
				this.#watchAnswer();
			},
		};
		return { listener, abort: () => connecting?.destroy(new Error("aborted while connecting")) };
	}

	/** Starts the time limits of an upload. `detach` ends them when the answer begins, which may be before the end of the upload. */
	#watchUpload(): { readonly listener: UploadListener; readonly detach: () => void } {
		const { idleTimeoutMs } = this.#options.timeouts;
		let answered = false;
		const listener: UploadListener = {
			reading: () => answered || this.#watchdog.clear(),
			sending: () => answered || this.#watchdog.watch(idleTimeoutMs, () => uploadTimeout(idleTimeoutMs)),
			sent: () => answered || this.#watchAnswer(),
			failed: (error) => this.abort(error),
		};
		return {
			listener,
			detach: () => {
				answered = true;
			},
		};
	}

	#body(listener: UploadListener): Readable | string | null {
		if (this.#multipart !== undefined) return Readable.from(upload(this.#multipart, listener), { objectMode: false, highWaterMark: 1 });
		return this.#options.json ?? null;
	}

	#contentHeaders(): Headers {
		if (this.#multipart === undefined) {
			return this.#options.json === undefined ? {} : { "content-type": "application/json" };
		}
		const { contentType, contentLength } = this.#multipart;
		return { "content-type": contentType, ...(contentLength === undefined ? {} : { "content-length": String(contentLength) }) };
	}
}
