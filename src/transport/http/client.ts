import { abortable } from "../../async/abortable.ts";
import { chained } from "../../async/chained.ts";
import { LinkedList } from "../../async/linked-list.ts";
import { abortError, cancelledError, type SpearError } from "../../errors/spear-error.ts";
import { jsonFault, parseJson } from "../../formats/json.ts";
import { essenceOf } from "../../formats/media-type.ts";
import { decodeUtf8 } from "../../formats/utf8.ts";
import { DIRECT, type Network } from "../network.ts";
import type { BackendTimeouts } from "../timeouts.ts";
import type { BytesAnswer, JsonTextAnswer, OpenAnswer, StreamedEvent } from "./answer.ts";
import { basePath } from "./base-path.ts";
import { HttpCall } from "./call.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { canDecode, contentCoding, type EncodingError } from "./content-encoding.ts";
import { type DecodedBodyOptions, decodedBody } from "./decoded-body.ts";
import { collect, type EventStreamOptions, readEvents, STREAM_FORMATS } from "./event-stream.ts";
import { type Exchange, ExchangeSource } from "./exchange.ts";
import { malformedError, shutDownError, truncatedError } from "./failure.ts";
import { readFailureBody } from "./failure-body.ts";
import type { Headers } from "./headers.ts";
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type HttpLimits, type HttpOptions, type HttpRequest } from "./options.ts";
import { stringifyJson } from "./raw-json.ts";
import type { RequestSigner } from "./request-signer.ts";
import { retryAfterMs } from "./retry-after.ts";
import { statusError } from "./status-error.ts";
import { transportError } from "./transport-error.ts";

/**
 * Headers of every request. Answers are not compressed, because most are small or streamed. Proxies compress some all the same, and those
 * are decoded.
 */
const DEFAULT_HEADERS: Headers = { "accept-encoding": "identity", "user-agent": "spear-hostcall" };

/** Header of requests with a JSON body. */
const JSON_BODY: Headers = { "content-type": "application/json" };

const NO_SECRETS: readonly string[] = [];

type StreamOptions = Partial<Pick<EventStreamOptions, "orJson" | "bodyEnds" | "format">>;

/**
 * HTTP client of one backend instance. Every failure is a SpearError whose message holds neither URL nor secret. Redirects are not
 * followed.
 */
export class HttpClient {
	readonly #options: HttpOptions;
	readonly #timeouts: BackendTimeouts;
	readonly #limits: HttpLimits;
	readonly #network: Network;
	readonly #pool: ConnectionPool;
	/** Path before that of each request. */
	readonly #basePath: string;
	/** Headers of every request, by what they accept. A client accepts few types. */
	readonly #headers = new Map<string, Headers>();
	/** Headers of every request with a JSON body. */
	readonly #jsonHeaders = new Map<string, Headers>();
	readonly #exchanges: ExchangeSource;
	readonly #inFlight = new LinkedList<HttpCall>();
	/** Requests that are not complete yet. */
	readonly #preparing = new Set<AbortController>();
	#closed = false;

	constructor(options: HttpOptions) {
		this.#options = options;
		this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
		this.#network = options.network ?? DIRECT;
		this.#pool = new ConnectionPool(options.baseUrl, this.#network);
		this.#basePath = basePath(options.baseUrl);
		this.#exchanges = new ExchangeSource(options.baseUrl, options.headers ?? {}, this.#network.secrets);
	}

	/** Sends a request and returns the whole answer, parsed as JSON. */
	requestJson(request: HttpRequest): Promise<JsonTextAnswer> {
		return this.#send(request, "application/json", readJson);
	}

	/**
	 * Sends a request with the first `next`, and yields the events of the answer as they arrive.
	 *
	 * @param last Data of the last event, or a pattern that matches it. A body that ends before this event is an error. Absent: the
	 * stream ends with the body.
	 * @param options `orJson` accepts a whole JSON answer too, as the only event. `bodyEnds` accepts a body that ends before `last` but
	 * holds an event: the caller decides if the stream is complete. The default of both is false. `format` is the form of the body; the
	 * default is `sse`.
	 */
	openStream(
		request: HttpRequest,
		last?: string | RegExp,
		{ orJson = false, bodyEnds = false, format = "sse" }: StreamOptions = {},
	): AsyncGenerator<StreamedEvent, void, void> {
		const { accept } = STREAM_FORMATS[format];
		const open = (): Promise<OpenAnswer> => this.#send(request, orJson ? `${accept}, application/json` : accept, asItIs);
		return readEvents(open, { format, last, orJson, bodyEnds, maxEventChars: this.#limits.maxEventChars });
	}

	/** Sends a request and returns the answer once its headers have arrived, with the body still to read. */
	openBytes(request: HttpRequest, accept: string): Promise<BytesAnswer> {
		return this.#send(request, accept, withContentType, this.#limits.maxBinaryBytes);
	}

	/** Ends requests in flight with `cancelled` and closes every socket. Later requests fail. */
	async close(): Promise<void> {
		this.#closed = true;
		const error = (): SpearError => cancelledError("the backend was shut down while it served this call");
		for (const wait of [...this.#preparing]) wait.abort(error());
		for (let call = this.#inFlight.takeFirst(); call !== undefined; call = this.#inFlight.takeFirst()) call.abort(error());
		await this.#pool.destroy();
	}

	/**
	 * Sends a request.
	 *
	 * @param read Receives the answer once the headers of a success have arrived, and returns the result of the request.
	 */
	async #send<T>(
		asked: HttpRequest,
		accept: string,
		read: (answer: OpenAnswer) => T | Promise<T>,
		maxBytes = this.#limits.maxBodyBytes,
	): Promise<T> {
		if (this.#closed) throw shutDownError();
		if (asked.signal.aborted) throw abortError(asked.signal);
		const { baseUrl, newBoundary, prepare, signer } = this.#options;
		const request = prepare === undefined ? asked : await this.#prepared(prepare, asked);
		const path = this.#basePath + request.path;
		const exchange = this.#exchanges.exchange(request.method, path, request.secret, signer?.secrets() ?? NO_SECRETS);
		const json = request.json === undefined || request.multipart !== undefined ? undefined : stringifyJson(request.json);
		const call = new HttpCall({
			request,
			exchange,
			timeouts: this.#timeouts,
			json,
			boundary: request.multipart === undefined ? undefined : newBoundary?.(),
			inFlight: this.#inFlight,
		});
		try {
			const signature =
				signer === undefined ? undefined : await signatureOf(signer, request, { url: new URL(`${baseUrl.origin}${path}`), json });
			if (call.abortedBy !== undefined) throw call.abortedBy;
			const headers: Headers = { ...this.#headersFor(accept, json !== undefined), ...request.headers };
			const head = await call.send(this.#pool, path, signature === undefined ? headers : { ...headers, ...signature });
			const discard = (): void => call.discard();
			const { headers: received, statusCode } = head;
			const body = call.body(maxBytes);
			const coding = contentCoding(received["content-encoding"]);
			const known = coding !== undefined && canDecode(coding);
			const answer: OpenAnswer = {
				exchange,
				headers: received,
				chunks: known ? decodedBody(body, { coding, maxBytes, onEnd: discard, ...codingErrors(exchange, coding, maxBytes) }) : body,
				discard,
			};
			if (statusCode < 200 || statusCode > 299) throw await this.#failure(statusCode, answer, call);
			if (coding !== undefined && !known) {
				answer.discard();
				throw malformedError(exchange, `its content-encoding (${coding}) is unknown`);
			}
			const result = read(answer);
			return result instanceof Promise ? await result : result;
		} catch (thrown) {
			call.end();
			throw thrown;
		}
	}

	#headersFor(accept: string, isJson: boolean): Headers {
		const headersOf = isJson ? this.#jsonHeaders : this.#headers;
		const known = headersOf.get(accept);
		if (known !== undefined) return known;
		const headers: Headers = { ...(isJson ? JSON_BODY : {}), ...DEFAULT_HEADERS, accept, ...this.#options.headers };
		headersOf.set(accept, headers);
		return headers;
	}

	/** Completes a request. An abort, and the end of the client, end the wait at once. */
	async #prepared(prepare: (request: HttpRequest) => Promise<HttpRequest>, asked: HttpRequest): Promise<HttpRequest> {
		const wait = new AbortController();
		this.#preparing.add(wait);
		try {
			return await abortable(prepare(asked), AbortSignal.any([asked.signal, wait.signal]));
		} finally {
			this.#preparing.delete(wait);
		}
	}

	/** Returns the error for a status that is not a success. */
	async #failure(status: number, answer: OpenAnswer, call: HttpCall): Promise<SpearError> {
		const { exchange, headers, chunks } = answer;
		const refusal = this.#pool.refusal(status);
		if (refusal !== undefined) {
			answer.discard();
			return transportError(exchange, "waiting", refusal);
		}
		const { text, cut } = await readFailureBody(chunks);
		const body = exchange.redact(text, { cut });
		answer.discard();
		if (call.cancelled || this.#closed) return call.abortedBy ?? abortError(call.signal);
		return (this.#options.onStatus ?? statusError)({ ...exchange, status, headers, body, retryAfterMs: retryAfterMs(headers) });
	}
}

function asItIs(answer: OpenAnswer): OpenAnswer {
	return answer;
}

function withContentType(answer: OpenAnswer): BytesAnswer {
	const contentType = essenceOf(answer.headers["content-type"] ?? "");
	return { ...answer, contentType: contentType === "" ? undefined : contentType };
}

/** Reads an answer to its end: at once if it has arrived. */
function readJson(answer: OpenAnswer): JsonTextAnswer | Promise<JsonTextAnswer> {
	return chained(collect(answer.chunks), (bytes) => parsed(bytes, answer));
}

function parsed(bytes: Buffer, { exchange, headers }: OpenAnswer): JsonTextAnswer {
	try {
		const text = decodeUtf8(bytes);
		return { value: parseJson(text), text, exchange };
	} catch (thrown) {
		const fault = jsonFault(thrown, `it is not JSON (content-type ${headers["content-type"] ?? "absent"})`);
		throw malformedError(exchange, fault, bytes.toString());
	}
}

/** Returns the headers that authenticate a request. */
function signatureOf(
	signer: RequestSigner,
	{ method, secret }: HttpRequest,
	{ url, json }: { readonly url: URL; readonly json: string | undefined },
): Promise<Headers> {
	return signer.sign({ method, url, contentType: json === undefined ? undefined : "application/json", body: json ?? "", secret });
}

/** Returns the errors for an encoded body of an exchange. */
function codingErrors(exchange: Exchange, coding: string, maxBytes: number): Pick<DecodedBodyOptions, "tooLarge" | "malformed"> {
	return {
		tooLarge: () => malformedError(exchange, `it is larger than ${maxBytes} bytes`),
		malformed: ({ truncated, message }: EncodingError) =>
			truncated
				? truncatedError(exchange, `the end of its ${coding} data`)
				: malformedError(exchange, `it is not ${coding} data, as its content-encoding says`, message),
	};
}
