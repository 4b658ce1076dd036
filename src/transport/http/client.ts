import { Socket } from "node:net";
import { Readable } from "node:stream";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { abortError, cancelledError, SpearError } from "../../errors/spear-error.ts";
import { createRedactor } from "../../redaction/redact.ts";
import { Watchdog } from "../watchdog.ts";
import { connectTimeout, type Exchange, malformedError, shutDownError, statusError, transportError, truncatedError } from "./failure.ts";
import { MultipartBody } from "./multipart.ts";
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type HttpLimits, type HttpOptions, type HttpRequest, type HttpTimeouts } from "./options.ts";
import { stringifyJson } from "./raw-json.ts";
import { retryAfterMs } from "./retry-after.ts";
import { EventStreamDecoder, EventStreamError, type ServerSentEvent } from "./sse.ts";
import { type UploadWatch, upload } from "./upload.ts";

/** How much of the body of a failure is read, in bytes, and how long that may take, in milliseconds. */
const FAILURE_BODY = { bytes: 64 * 1024, ms: 2000 } as const;

/** What an answer was parsed to, and the exchange, to report what is wrong with it. */
export interface JsonAnswer {
	readonly value: unknown;
	readonly exchange: Exchange;
}

/** The same with the text it was parsed from. */
export interface JsonTextAnswer extends JsonAnswer {
	readonly text: string;
}

export interface StreamedEvent extends ServerSentEvent {
	readonly exchange: Exchange;
}

/** A binary answer that has begun. Its bytes are to be read to their end, or given up with `discard`. */
export interface BytesAnswer {
	readonly exchange: Exchange;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** The media type without its parameters, in lower case; `undefined` when the upstream does not say. */
	readonly contentType: string | undefined;
	/** The body as it comes. Ends with it; a body that is cut off throws. To stop early, leave the loop. */
	readonly pieces: AsyncGenerator<Uint8Array, void, void>;
	/** Ends the exchange, read or not. */
	discard(): void;
}

interface Opened {
	readonly exchange: Exchange;
	readonly headers: Readonly<Record<string, string>>;
	readonly pieces: AsyncGenerator<Uint8Array, void, void>;
	/** Ends the exchange, whatever has been read of the body; closes the socket if there is more. */
	readonly discard: () => void;
}

/**
 * HTTP for one backend instance: a pool of connections to one origin. Every failure is a SpearError whose message holds
 * neither URL nor secret; redirects are not followed; HTTP/1.1 only, so that to abort a call is to close its socket.
 */
export class HttpClient {
	readonly #options: HttpOptions;
	readonly #timeouts: HttpTimeouts;
	readonly #limits: HttpLimits;
	readonly #pool: Pool;
	readonly #inFlight = new Set<AbortController>();
	/** Told of a connection made for the request whose dispatch is on the stack: undici connects within it. */
	#dispatching: ((socket: Socket | undefined) => void) | undefined;
	#closed = false;

	constructor(options: HttpOptions) {
		this.#options = options;
		this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
		const connect = buildConnector({ allowH2: false, timeout: 0 });
		this.#pool = new Pool(options.baseUrl.origin, {
			allowH2: false,
			// Ours are exact, count only while somebody waits, and give the call's error.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect: (target, callback) => {
				const dispatching = this.#dispatching;
				const socket: unknown = connect(target, (...result) => {
					dispatching?.(undefined);
					callback(...result);
				});
				if (socket instanceof Socket) dispatching?.(socket);
			},
		});
	}

	/** Sends a request and parses the answer as JSON. */
	async requestJson(request: HttpRequest): Promise<JsonTextAnswer> {
		const { exchange, headers, pieces } = await this.#open(request, "application/json");
		const bytes = Buffer.concat(await collect(pieces));
		try {
			const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
			return { value: JSON.parse(text), text, exchange };
		} catch {
			throw malformedError(exchange, `it is not JSON (content-type ${headers["content-type"] ?? "absent"})`, bytes.toString());
		}
	}

	/**
	 * Sends a request and delivers the events of the answer as they come; the request goes out with the first `next`. The
	 * stream ends with the event whose data is `last`, or matches it, and a body that ends before it was cut off. Without `last`,
	 * it ends with the body. With `orJson` the upstream may also answer in JSON, whole: that is one event then, and the last.
	 */
	async *openStream(request: HttpRequest, last?: string | RegExp, { orJson = false } = {}): AsyncGenerator<StreamedEvent, void, void> {
		const opened = await this.#open(request, orJson ? "text/event-stream, application/json" : "text/event-stream");
		const { exchange, headers, pieces } = opened;
		const decoder = new EventStreamDecoder(this.#limits.maxEventChars);
		let complete = false;
		try {
			const type = headers["content-type"];
			if (orJson && /^application\/json\s*(;|$)/i.test(type ?? "")) {
				yield { data: Buffer.concat(await collect(pieces)).toString(), exchange };
				return;
			}
			if (type !== undefined && !/^text\/event-stream\s*(;|$)/i.test(type))
				throw new EventStreamError(`it is ${type} instead of an event stream`);
			for (let ended = false; !ended; ) {
				// Not `for await`: leaving that early would close the connection.
				const piece = await pieces.next();
				ended = piece.done === true;
				for (const event of piece.done === true ? decoder.end() : decoder.push(piece.value)) {
					complete = last instanceof RegExp ? last.test(event.data) : event.data === last;
					yield { ...event, exchange };
					if (complete) return;
				}
			}
			if (last !== undefined) throw truncatedError(exchange, String(last));
		} catch (error) {
			throw error instanceof EventStreamError ? malformedError(exchange, error.message) : error;
		} finally {
			if (complete) void readToEnd(opened);
			else opened.discard();
		}
	}

	/** Sends a request and gives the answer as soon as it begins, its body to be read as it comes. */
	async openBytes(request: HttpRequest, accept: string): Promise<BytesAnswer> {
		const opened = await this.#open(request, accept, this.#limits.maxBinaryBytes);
		const contentType = opened.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
		return { ...opened, contentType: contentType === "" ? undefined : contentType };
	}

	/** Ends what is in flight with `cancelled` and closes every socket. Requests made later fail. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const call of this.#inFlight) call.abort(cancelledError("the backend was shut down while it served this call"));
		await this.#pool.destroy();
	}

	/** Resolves once a success and its headers are there. */
	async #open(request: HttpRequest, accept: string, maxBytes = this.#limits.maxBodyBytes): Promise<Opened> {
		if (this.#closed) throw shutDownError();
		if (request.signal.aborted) throw abortError(request.signal);
		const exchange = this.#exchange(request);
		const multipart = request.multipart === undefined ? undefined : new MultipartBody(request.multipart, this.#options.newBoundary?.());
		const call = new AbortController();
		const onAbort = () => call.abort(abortError(request.signal));
		const watchdog = new Watchdog((error) => call.abort(error));
		request.signal.addEventListener("abort", onAbort, { once: true });
		this.#inFlight.add(call);
		const end = () => {
			watchdog.stop();
			multipart?.stop();
			request.signal.removeEventListener("abort", onAbort);
			this.#inFlight.delete(call);
		};
		try {
			const response = await this.#send(request, multipart, accept, exchange, call, watchdog);
			watchdog.clear();
			response.body.on("error", () => {}); // It comes to whoever reads; without a listener it would end the process.
			const headers = flatten(response.headers);
			const pieces = this.#read(response.body, exchange, call.signal, watchdog, maxBytes, end);
			const discard = () => {
				end();
				response.body.destroy();
			};
			const opened = { exchange, headers, pieces, discard };
			if (response.statusCode < 200 || response.statusCode > 299) throw await this.#failure(response.statusCode, opened, request.signal);
			if (!/^(identity)?$/.test(headers["content-encoding"] ?? "")) {
				discard();
				throw malformedError(exchange, `it is compressed (${headers["content-encoding"]}), which was not asked for`);
			}
			return opened;
		} catch (error) {
			end();
			throw error;
		}
	}

	/** Resolves once the headers of whatever answer are there. */
	async #send(
		request: HttpRequest,
		multipart: MultipartBody | undefined,
		accept: string,
		exchange: Exchange,
		call: AbortController,
		watchdog: Watchdog,
	): Promise<Dispatcher.ResponseData> {
		const { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs } = this.#timeouts;
		const { signal } = call;
		let connecting: Socket | undefined;
		const tooLate = (what: string) => new SpearError("timeout", `the backend ${what}`);
		const watchAnswer = () => watchdog.watch(firstByteTimeoutMs, () => tooLate(`did not begin to answer within ${firstByteTimeoutMs} ms`));
		watchAnswer();
		this.#dispatching = (socket) => {
			if (socket === undefined) {
				watchAnswer();
			} else {
				watchdog.watch(connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
			}
			connecting = socket;
		};
		let answering = false;
		const uploadWatch: UploadWatch = {
			reading: () => answering || watchdog.clear(),
			sending: () => answering || watchdog.watch(idleTimeoutMs, () => tooLate(`took no more of the request within ${idleTimeoutMs} ms`)),
			sent: () => answering || watchAnswer(),
			failed: (error) => call.abort(error),
		};
		const answered = this.#pool.request({
			method: request.method,
			path: this.#path(request),
			headers: {
				accept,
				"user-agent": "spear-hostcall",
				...contentHeaders(request, multipart),
				...this.#options.headers,
				...request.headers,
			},
			body:
				multipart !== undefined
					? Readable.from(upload(multipart, uploadWatch), { objectMode: false, highWaterMark: 1 })
					: request.json === undefined
						? null
						: stringifyJson(request.json),
			signal,
		});
		this.#dispatching = undefined;
		try {
			return await unlessAborted(answered, signal);
		} catch (error) {
			// undici gives up a request that waits for its connection only when that stands or fails.
			if (signal.aborted) connecting?.destroy(new Error("aborted while connecting"));
			throw signal.aborted ? abortError(signal) : transportError(exchange, "waiting", error);
		} finally {
			answering = true;
		}
	}

	async *#read(
		body: Dispatcher.ResponseData["body"],
		exchange: Exchange,
		signal: AbortSignal,
		watchdog: Watchdog,
		maxBytes: number,
		end: () => void,
	): AsyncGenerator<Uint8Array, void, void> {
		const { firstByteTimeoutMs, idleTimeoutMs } = this.#timeouts;
		let bytes = 0;
		try {
			const chunks = body[Symbol.asyncIterator]();
			for (;;) {
				const [ms, what] =
					bytes === 0
						? [firstByteTimeoutMs, "did not begin to answer"]
						: [idleTimeoutMs, "fell silent in the middle of its answer: nothing"];
				watchdog.watch(ms, () => new SpearError("timeout", `the backend ${what} within ${ms} ms`));
				const step = await chunks.next();
				watchdog.clear();
				if (step.done === true) return;
				const chunk: Uint8Array = step.value;
				bytes += chunk.byteLength;
				if (bytes > maxBytes) throw malformedError(exchange, `it is larger than ${maxBytes} bytes`);
				yield chunk;
			}
		} catch (error) {
			if (signal.aborted) throw abortError(signal);
			throw error instanceof SpearError ? error : transportError(exchange, "answering", error);
		} finally {
			end();
			body.destroy();
		}
	}

	/** The error for a status that is no success. Its body is welcome but not waited for long. */
	async #failure(status: number, opened: Opened, signal: AbortSignal): Promise<SpearError> {
		const { exchange, headers, pieces } = opened;
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		const patience = Promise.withResolvers<{ done: true; value: undefined }>();
		const timer = setTimeout(patience.resolve, FAILURE_BODY.ms, { done: true, value: undefined });
		try {
			while (bytes < FAILURE_BODY.bytes) {
				const step = await Promise.race([pieces.next(), patience.promise]);
				if (step.done === true) break;
				chunks.push(step.value);
				bytes += step.value.byteLength;
			}
		} catch (error) {
			if (signal.aborted || this.#closed) throw error;
		} finally {
			clearTimeout(timer);
			opened.discard();
		}
		const body = exchange.redact(Buffer.concat(chunks).subarray(0, FAILURE_BODY.bytes).toString());
		return (this.#options.onStatus ?? statusError)({ ...exchange, status, headers, body, retryAfterMs: retryAfterMs(headers) });
	}

	#path(request: HttpRequest): string {
		return this.#options.baseUrl.pathname.replace(/\/+$/, "") + request.path;
	}

	#exchange(request: HttpRequest): Exchange {
		const path = this.#path(request).replace(/\?.*$/s, "");
		// Headers are not for keys, but somebody will put one there; a short one is a word like any other.
		const values = Object.values(this.#options.headers ?? {}).filter((value) => value.length >= 12);
		return {
			target: `${request.method} ${this.#options.baseUrl.origin}${path}`,
			hostname: this.#options.baseUrl.hostname,
			redact: createRedactor([request.secret, ...values]),
		};
	}
}

/** The promise's outcome, or the signal's reason as soon as that is aborted. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason);
		signal.addEventListener("abort", onAbort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
	});
}

/** How long the end of a body may take after its last event, in milliseconds, for its connection to be used again. */
const END_MS = 1000;

/** After the last event: lets the body come to its end, so that the connection can be used again. */
async function readToEnd(opened: Opened): Promise<void> {
	const timer = setTimeout(opened.discard, END_MS);
	try {
		await opened.pieces.next();
	} catch {
		// Nobody waits for it any more.
	} finally {
		clearTimeout(timer);
		opened.discard();
	}
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	for await (const piece of pieces) chunks.push(piece);
	return chunks;
}

/** What is said of a request's body. */
function contentHeaders({ json }: HttpRequest, multipart: MultipartBody | undefined): Record<string, string> {
	if (multipart === undefined) return json === undefined ? {} : { "content-type": "application/json" };
	const { contentType, contentLength } = multipart;
	return { "content-type": contentType, ...(contentLength === undefined ? {} : { "content-length": String(contentLength) }) };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
	}
	return flat;
}
