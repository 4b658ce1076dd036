import { Readable } from "node:stream";
import type { LinkedList, ListPlace } from "../../async/linked-list.ts";
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
import { type HeadListener, ReceivedResponse, type ResponseHead } from "./received-response.ts";
import { type BodyOwner, ResponseBody } from "./response-body.ts";
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
	/** The calls of the client. Holds this one until its end. */
	readonly inFlight: LinkedList<HttpCall>;
}

/** A request and its answer: time limits, abort, and the release of everything that belongs to them. */
export class HttpCall implements BodyOwner, ConnectionListener, HeadListener {
	readonly #options: CallOptions;
	/** Among the calls of the client. */
	readonly #place: ListPlace;
	readonly #multipart: MultipartBody | undefined;
	readonly #watchdog = new Watchdog((error) => this.abort(error));
	readonly #onAbort = (): void => this.abort(abortError(this.#options.request.signal));
	#response: ReceivedResponse | undefined;
	/** Settles the promise of `send`. */
	#resolveHead: ((head: ResponseHead) => void) | undefined;
	#rejectHead: ((error: unknown) => void) | undefined;
	/** The connection that is being established for the request. */
	#connecting: Connecting | undefined;
	/** Reason of the abort. */
	#abortedBy: SpearError | undefined;
	/** True once the answer has started, which may be before the end of an upload. */
	#answered = false;

	/** @throws SpearError `invalid_request` for a multipart body that cannot be sent. */
	constructor(options: CallOptions) {
		const { request, boundary } = options;
		this.#options = options;
		this.#multipart = request.multipart === undefined ? undefined : new MultipartBody(request.multipart, boundary);
		this.#place = options.inFlight.add(this);
		request.signal.addEventListener("abort", this.#onAbort, { once: true });
	}

	/** The error that has ended the call. `undefined` unless it was aborted. */
	get abortedBy(): SpearError | undefined {
		return this.#abortedBy;
	}

	/** The caller's signal. */
	get signal(): AbortSignal {
		return this.#options.request.signal;
	}

	/** True if the caller has aborted the request. */
	get cancelled(): boolean {
		return this.signal.aborted;
	}

	/** Ends the call with `error` and closes its socket. */
	abort(error: SpearError): void {
		this.#abortedBy ??= error;
		this.#response?.abort(this.#abortedBy);
		// undici aborts a request only after its connection is established or has failed.
		this.#connecting?.destroy(new Error("aborted while connecting"));
	}

	/** Releases timers, files and listeners. Later calls have no effect. */
	end(): void {
		this.#watchdog.stop();
		this.#multipart?.stop();
		this.#options.request.signal.removeEventListener("abort", this.#onAbort);
		this.#place.remove();
	}

	/**
	 * Sends the request. Resolves with the headers of the answer, whatever its status.
	 *
	 * @param headers All headers but those of a multipart body.
	 */
	send(pool: ConnectionPool, path: string, headers: Headers): Promise<ResponseHead> {
		const { method } = this.#options.request;
		const body = this.#body();
		const response = new ReceivedResponse(typeof body === "object" && body !== null ? body : undefined);
		this.#response = response;
		this.#watchAnswer();
		return new Promise((resolve, reject) => {
			this.#resolveHead = resolve;
			this.#rejectHead = reject;
			try {
				pool.dispatch({ method, path, headers: this.#withContent(headers), body }, response, this);
				response.whenHead(this);
			} catch (thrown) {
				this.onFailure(thrown);
			}
		});
	}

	onHead(head: ResponseHead): void {
		this.#answered = true;
		this.#watchdog.clear();
		this.#resolveHead?.(head);
	}

	onFailure(thrown: unknown): void {
		this.#answered = true;
		this.#watchdog.clear();
		this.#rejectHead?.(this.#abortedBy ?? transportError(this.#options.exchange, "waiting", thrown));
	}

	/** Begins the time limit of a new connection. A request that reuses a connection has none. */
	connecting(attempt: Connecting): void {
		this.#connecting = attempt;
		this.#watchdog.watch(this.#options.timeouts.connectTimeoutMs, connectTimeout);
	}

	settled(): void {
		this.#connecting = undefined;
		if (!this.#answered) this.#watchAnswer();
	}

	/** Returns the body of the answer. Call it once, after `send`. */
	body(maxBytes: number): ResponseBody {
		if (this.#response === undefined) throw new SpearError("internal", "the body of a request was read before the request was sent");
		return new ResponseBody(this.#response, this, maxBytes);
	}

	/** Ends the call, and closes its socket if the answer is not complete. */
	discard(): void {
		this.end();
		this.#response?.abort(LEFT);
	}

	watchChunk(isFirst: boolean): void {
		if (isFirst) this.#watchAnswer();
		else this.#watchdog.watch(this.#options.timeouts.idleTimeoutMs, idleTimeout);
	}

	unwatch(): void {
		this.#watchdog.clear();
	}

	answeringError(thrown: unknown): Error {
		return this.#abortedBy ?? transportError(this.#options.exchange, "answering", thrown);
	}

	tooLarge(maxBytes: number): Error {
		return malformedError(this.#options.exchange, `it is larger than ${maxBytes} bytes`);
	}

	#watchAnswer(): void {
		this.#watchdog.watch(this.#options.timeouts.firstByteTimeoutMs, firstByteTimeout);
	}

	/** The time limits of an upload. These limits end when the answer begins. */
	#uploading(): UploadListener {
		const { idleTimeoutMs } = this.#options.timeouts;
		return {
			reading: () => this.#answered || this.#watchdog.clear(),
			sending: () => this.#answered || this.#watchdog.watch(idleTimeoutMs, uploadTimeout),
			sent: () => this.#answered || this.#watchAnswer(),
			failed: (error) => this.abort(error),
		};
	}

	#body(): Readable | string | null {
		if (this.#multipart === undefined) return this.#options.json ?? null;
		return Readable.from(upload(this.#multipart, this.#uploading()), { objectMode: false, highWaterMark: 1 });
	}

	/** Returns the headers with those of a multipart body before them. */
	#withContent(headers: Headers): Headers {
		if (this.#multipart === undefined) return headers;
		const { contentType, contentLength } = this.#multipart;
		return { "content-type": contentType, ...(contentLength === undefined ? {} : { "content-length": String(contentLength) }), ...headers };
	}
}

/** Reason of a socket that is closed because no caller reads the rest of its answer. Created once, because an error costs a stack. */
const LEFT = new Error("the reader has left");
