import type { OperationBackends } from "../../generated/backends/operations.ts";
import type { RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type { ResponseEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type * as types from "../../generated/ir/types.ts";
import { LinkedSignal } from "../async/linked-signal.ts";
import { opened, openedStream } from "../async/opened-stream.ts";
import { SpearError } from "../errors/spear-error.ts";
import { createPipeline } from "../hostcall/pipeline.ts";
import { RealtimeSessions } from "../hostcall/realtime-sessions.ts";
import type { Call, GuestLimits, GuestMediaCalls, Pipeline } from "../hostcall/scope.ts";
import { type GuestIdentity, NO_GUEST } from "../identity/guest-identity.ts";
import type { GuestMedia } from "../media/guest-media.ts";
import { RequestMediaScope } from "../media/request-media-scope.ts";
import { UNACCOUNTED } from "../memory/memory-kinds.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import type { CatalogEntry } from "../router/eligibility/catalog.ts";
import type { Router } from "../router/router.ts";
import type { RealtimeSession } from "../stream/realtime/session.ts";
import type { CallObserver } from "../telemetry/call-observer.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";
import { observedBy } from "./observed-by.ts";
import { traceOf } from "./trace-of.ts";

/** Operations that a backend can serve by this function. */
type Serving<F extends string> = { [O in Operation]: OperationBackends[O] extends Readonly<Record<F, unknown>> ? O : never }[Operation];

/** Operations with one answer to one request. */
export type UnaryOperation = Serving<"unary">;
/** Operations whose answer can be streamed. */
export type StreamOperation = Serving<"stream">;

export interface ClientOptions {
	/** Name of the guest whose limits, media and routes the client uses. The default is none: the embedder's own requests. */
	readonly guest?: string;
	/** Receives the events of every request. */
	readonly onEvent?: HostEventListener;
}

/** Options of one call: the ABI's call options, a signal and a trace. */
export interface ClientCallOptions extends types.CallOptions {
	/** Cancels the call, at the upstream too. */
	readonly signal?: AbortSignal;
	/** The W3C `traceparent` of the span that the call belongs to. */
	readonly traceparent?: string;
	/** Id of the request, under which the router's decision is found, unique among all requests. The default is a new one. */
	readonly requestId?: string;
	/** Called with the name of the backend instance that answers, before its first output. */
	readonly onBackend?: (instance: string) => void;
}

/** An answer with the backend that gave it. */
export interface ClientResponse<O extends Operation> {
	readonly requestId: string;
	readonly payload: OperationMap[O]["result"];
	/** The instance that answered, its latency, and every attempt. */
	readonly backend: NonNullable<ResponseEnvelope<O>["backend"]>;
}

/** The parts of a host that a client uses. */
export interface ClientContext {
	readonly router: Router;
	readonly guest: GuestIdentity;
	readonly logger: Logger;
	readonly upstreams: UpstreamLog;
	/** Observes the calls. `undefined` for none. */
	readonly observer: CallObserver | undefined;
	readonly limits: GuestLimits;
	readonly media: GuestMedia;
	readonly normalize: NormalizeContext;
	/** Aborted when the host closes. */
	readonly signal: AbortSignal;
	readonly onEvent: HostEventListener;
	/** Receives the events of every client. Must not throw. The default is none. */
	readonly onHostEvent?: HostEventListener | undefined;
	readonly onClose: (client: HostClient) => void;
}

/**
 * Sends requests without a guest, through the same layers as a guest's: validation, router, limits, backends.
 *
 * ```ts
 * const client = host.client();
 * const { payload } = await client.call("embeddings", { input: ["red", "blue"] });
 * for await (const event of client.stream("chat_completions", { messages, tools: [] })) {
 * 	if (event.type === "text") process.stdout.write(event.text);
 * }
 * ```
 */
export class HostClient {
	/** The media of the client: put recordings and images in, read results. */
	readonly media: GuestMediaCalls;
	readonly #context: ClientContext;
	readonly #pipeline: Pipeline;
	readonly #sessions: RealtimeSessions;
	readonly #abort = new AbortController();
	readonly #signal: AbortSignal;
	readonly #leaveRouter: () => void;

	/** Made by `Host.client`. */
	constructor(context: ClientContext) {
		const { router, guest, normalize, media, logger, limits } = context;
		this.#context = context;
		// The embedder's own client is no guest that others make room for, until it sends requests.
		this.#leaveRouter = guest === NO_GUEST ? () => {} : router.addGuest(guest);
		this.media = media;
		this.#signal = AbortSignal.any([context.signal, this.#abort.signal]);
		this.#pipeline = createPipeline({
			router,
			guest,
			normalize,
			openMedia: () => new RequestMediaScope(media),
			onEvent: joined(context.onHostEvent, observedBy(context.onEvent, logger, context.upstreams)),
			observer: context.observer,
		});
		this.#sessions = new RealtimeSessions({ limits, signal: this.#signal, pipeline: this.#pipeline, memory: UNACCOUNTED });
	}

	/**
	 * Sends a request and waits for the whole answer.
	 *
	 * @param payload The operation's payload, as the ABI's record in snake_case.
	 * @throws SpearError `invalid_request` for a payload that the schema or a rule refuses; the failure of the last attempt otherwise.
	 */
	async call<O extends UnaryOperation>(
		operation: O,
		payload: OperationMap[O]["payload"],
		options?: ClientCallOptions,
	): Promise<ClientResponse<O>> {
		const call = this.#callOf(operation, payload, options);
		const linked = options?.signal === undefined ? undefined : new LinkedSignal(this.#signal, options.signal);
		try {
			const { request_id, result, backend } = await this.#pipeline.unary(call, linked?.signal ?? this.#signal);
			return { requestId: request_id, payload: result.payload, backend };
		} finally {
			linked?.[Symbol.dispose]();
		}
	}

	/**
	 * Sends a request when the first event is asked for, and yields the events of the answer. The last one is `completed`. Leaving the loop
	 * cancels the request.
	 *
	 * @throws SpearError From the loop: as `call`, also after events were yielded.
	 */
	stream<O extends StreamOperation>(
		operation: O,
		payload: OperationMap[O]["payload"],
		options?: ClientCallOptions,
	): AsyncGenerator<OperationMap[O]["event"], void, void> {
		return openedStream(async () => {
			const open = await this.#pipeline.stream(this.#callOf(operation, payload, options));
			return opened(open(options?.signal === undefined ? this.#signal : AbortSignal.any([this.#signal, options.signal])));
		});
	}

	/**
	 * Opens a realtime session. The session ends with the client, and when the signal is aborted.
	 *
	 * @throws SpearError `rate_limited` when too many sessions of this client are open; as the router and the backend fail.
	 */
	async connect(config: rt.Request, options?: ClientCallOptions): Promise<ClientSession> {
		const call = this.#callOf("realtime_voice", config, options);
		return new ClientSession(await this.#sessions.connect(config, call.options, options?.signal, call));
	}

	/**
	 * Returns the voices that requests may ask for, of one model or of all.
	 *
	 * @param backend Name of the only backend whose voices are listed. The default is all backends.
	 * @throws SpearError `no_candidate_backend` when no backend can speak.
	 */
	voices(model?: string, backend?: string): tts.Voice[] {
		return this.#pipeline.voices(model, backend);
	}

	/** Returns the operations, models and features that requests may use now. */
	catalog(): readonly CatalogEntry[] {
		return this.#pipeline.catalog();
	}

	/** Cancels every call and session of the client. Safe to call twice. */
	async close(): Promise<void> {
		this.#abort.abort(new SpearError("cancelled", "the client is closed"));
		this.#leaveRouter();
		this.#context.onClose(this);
	}

	#callOf<O extends Operation>(operation: O, payload: OperationMap[O]["payload"], options: ClientCallOptions | undefined): Call<O> {
		if (options === undefined) return { operation, payload, options, trace: undefined };
		const { signal: _, traceparent, requestId, onBackend, ...callOptions } = options;
		const given = Object.keys(callOptions).length === 0 ? undefined : callOptions;
		return { operation, payload, options: given, trace: traceOf(traceparent), requestId, onBackend };
	}
}

function joined(first: HostEventListener | undefined, second: HostEventListener): HostEventListener {
	if (first === undefined) return second;
	return (event) => {
		first(event);
		second(event);
	};
}

/** A realtime session of a client. Iterate it to receive its events; the last one is `completed` or `failed`. */
export class ClientSession implements AsyncIterable<rt.Event>, Disposable {
	readonly #session: RealtimeSession;

	/** Made by `HostClient.connect`. */
	constructor(session: RealtimeSession) {
		this.#session = session;
	}

	get state(): rt.State {
		return this.#session.state;
	}

	/**
	 * Queues input for the upstream.
	 *
	 * @returns How many bytes of audio were accepted, and how many wait.
	 * @throws SpearError `rate_limited` when the queue is full and its policy is `refuse`; `invalid_request` after the session has ended.
	 */
	send(input: RealtimeVoiceInput): rt.Accepted {
		return this.#session.input(input);
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<rt.Event, void, void> {
		for (;;) {
			const event = await this.#session.next();
			yield event;
			if (event.type === "completed" || event.type === "failed") return;
		}
	}

	/** Resolves when the input that was refused last fits into the queue, or when the session has ended. */
	whenWritable(): Promise<void> {
		const { writable } = this.#session;
		if (writable.isReady()) return Promise.resolve();
		return new Promise((resolve) => {
			writable.onReady(resolve);
		});
	}

	/** Stops accepting input, and resolves when all input is sent and answered. Read the events meanwhile. */
	drain(): Promise<void> {
		return this.#session.drain();
	}

	/** Ends the session in order. Input that was not sent is discarded. */
	close(): void {
		this.#session.close();
	}

	[Symbol.dispose](): void {
		this.#session[Symbol.dispose]();
	}
}
