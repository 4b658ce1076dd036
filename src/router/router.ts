import type { BackendContext, BackendMedia, OperationBackends } from "../../generated/backends/backend.ts";
import type { RequestEnvelope, ResponseEnvelope, ServedBy } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { abortable, abortableItems } from "./abortable.ts";
import { type CatalogEntry, catalogOf } from "./catalog.ts";
import { Course } from "./course.ts";
import { Decision, noCandidate } from "./explanation.ts";
import { filterCandidates, type RoutePolicy, usableInstances } from "./filter.ts";
import type { Instance } from "./instance.ts";
import { type Policy, preferFirst } from "./policy.ts";

/** What accompanies a request on its way down. */
export interface RouteContext {
	/** Aborted when the run, the stream or the host ends. */
	readonly signal: AbortSignal;
	/** The media of the guest whose request it is, for the backend. */
	readonly media: BackendMedia;
	/** Told of each decision once it is final, whatever the outcome. */
	readonly onDecision?: (decision: RouteDecision) => void;
}

/** The answer to a request that succeeded: a response envelope that surely names its backend and holds a result. */
export interface Answer<O extends Operation> extends ResponseEnvelope<O> {
	backend: ServedBy;
	result: { payload: OperationMap[O]["result"] };
}

/** A backend's end of a session of this operation; `never` for an operation that has none. */
export type ChannelOf<O extends Operation> = OperationBackends[O] extends { connect(...args: never[]): Promise<infer C> } ? C : never;

/** A session that stands. It holds its lease until `end` is told, once, how it ended; `end` gives the error as the guest shall see it. */
export interface Connection<O extends Operation> {
	readonly channel: ChannelOf<O>;
	readonly end: (failure?: SpearError) => SpearError | undefined;
}

/** One decision and how it ended. */
export interface RouteDecision {
	readonly requestId: string;
	readonly explanation: types.Explanation;
	/** The failures after which another backend was asked, with their causes; for the host's log. Absent when there was none. */
	readonly fallenBackFrom?: readonly SpearError[];
	/** Absent when the request succeeded. */
	readonly error?: SpearError;
}

export interface RouterOptions {
	readonly instances: readonly Instance[];
	readonly policy: Policy;
	/** The host's restrictions by operation. */
	readonly routes: ReadonlyMap<Operation, RoutePolicy>;
	/** Milliseconds from some fixed point; only differences count. */
	readonly now: () => number;
}

/** Chooses a backend instance for each request and sees the request through. Knows no protocol. */
export class Router {
	readonly #options: RouterOptions;

	constructor(options: RouterOptions) {
		this.#options = options;
	}

	get instances(): readonly Instance[] {
		return this.#options.instances;
	}

	/**
	 * The voices that requests may ask for, of one model or of all: each once, as the first instance that has it describes it.
	 *
	 * @throws SpearError `no_candidate_backend` when no instance may speak, or none with that model.
	 */
	voices(model: string | undefined): tts.Voice[] {
		const { instances, policy, routes } = this.#options;
		const { eligible, rejected } = usableInstances(instances, "text_to_speech", model, routes.get("text_to_speech") ?? {});
		if (eligible.length === 0) {
			throw noCandidate({
				operation: "text_to_speech",
				...(model === undefined ? {} : { model }),
				required_features: [],
				required_transports: [],
				candidates_checked: instances.length,
				eligible: [],
				rejected: [...rejected],
				policy: policy.name,
				attempts: [],
			});
		}
		const voices = new Map<string, tts.Voice>();
		for (const instance of eligible) {
			for (const voice of instance.operations.get("text_to_speech")?.voices ?? []) if (!voices.has(voice.id)) voices.set(voice.id, voice);
		}
		return [...voices.values()];
	}

	/** What may be asked of every operation now: a view for guests, without the instances behind it. */
	catalog(): CatalogEntry[] {
		return catalogOf(this.#options.instances, this.#options.routes);
	}

	/** One request, one response. Rejects only with a SpearError that carries the explanation. */
	async unary<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Answer<O>> {
		const course = this.#begin(request, context);
		for (;;) {
			const instance = course.next();
			try {
				const shapes = shapesOf<O>(instance, request.operation);
				if (shapes.unary === undefined) throw lacksShape(request.operation, "unary");
				const payload = await abortable(shapes.unary(request, backendContext(request, context, course)), course.signal);
				course.succeed();
				const { elapsed: latency_ms, attempts } = course;
				return {
					version: request.version,
					request_id: request.request_id,
					operation: request.operation,
					backend: { name: instance.kind, instance: instance.name, latency_ms, attempts },
					result: { payload },
				};
			} catch (thrown) {
				course.fail(thrown, { outputDelivered: false });
			}
		}
	}

	/** One request, a sequence of events ending in `completed`. Throws only a SpearError that carries the explanation. */
	async *stream<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): AsyncGenerator<OperationMap[O]["event"]> {
		const course = this.#begin(request, context);
		try {
			for (;;) {
				const instance = course.next();
				let outputDelivered = false;
				try {
					const shapes = shapesOf<O>(instance, request.operation);
					if (shapes.stream === undefined) throw lacksShape(request.operation, "server_stream");
					const events = shapes.stream(request, backendContext(request, context, course));
					for await (const event of abortableItems(events, course.signal)) {
						outputDelivered = true;
						if (event.type === "completed") course.succeed();
						yield event;
						if (event.type === "completed") return;
					}
					throw new SpearError("backend_error", "the backend ended the stream without completing the answer", { retryable: true });
				} catch (thrown) {
					course.fail(thrown, { outputDelivered });
				}
			}
		} finally {
			course.abandon();
		}
	}

	/**
	 * Opens a session; the request's deadline is for that only. The lease is held until the session ends, which is for the caller to
	 * tell. Rejects only with a SpearError that carries the explanation.
	 */
	async connect<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Connection<O>> {
		const course = this.#begin(request, context);
		for (;;) {
			const instance = course.next();
			try {
				const shapes = shapesOf<O>(instance, request.operation);
				if (shapes.connect === undefined) throw lacksShape(request.operation, "bidi_stream");
				const channel = await abortable(shapes.connect(request, backendContext(request, context, course)), course.signal);
				const lease = course.establish();
				return {
					channel,
					end(failure) {
						lease?.release();
						return failure?.with({ operation: request.operation });
					},
				};
			} catch (thrown) {
				course.fail(thrown, { outputDelivered: false });
			}
		}
	}

	/** Filters and orders the candidates. What comes of them is the course's to say. */
	#begin(request: RequestEnvelope<Operation>, context: RouteContext): Course {
		const { instances, policy, routes, now } = this.#options;
		const candidates = filterCandidates(instances, request, routes.get(request.operation) ?? {});
		const order = preferFirst(policy.order(request.operation, candidates.eligible), request.routing.preferred);
		const decision = new Decision(request, candidates, order, policy.name);
		if (order.length === 0) {
			const error = noCandidate(decision.snapshot());
			context.onDecision?.({ requestId: request.request_id, explanation: decision.snapshot(), error });
			throw error;
		}
		return new Course(request, context, { order, decision, now });
	}
}

function backendContext(request: RequestEnvelope<Operation>, { media }: RouteContext, { signal }: Course): BackendContext {
	return { signal, requestId: request.request_id, media };
}

/** The shapes a backend may offer for an operation; the filter has made sure that the required one is there. */
interface Shapes<O extends Operation> {
	unary?(request: RequestEnvelope<O>, context: BackendContext): Promise<OperationMap[O]["result"]>;
	stream?(request: RequestEnvelope<O>, context: BackendContext): AsyncIterable<OperationMap[O]["event"]>;
	connect?(request: RequestEnvelope<O>, context: BackendContext): Promise<ChannelOf<O>>;
}

function shapesOf<O extends Operation>(instance: Instance, operation: O): Shapes<O> {
	const operations: { readonly [K in Operation]: Shapes<K> | undefined } = instance.backend.operations;
	return operations[operation] ?? {};
}

function lacksShape(operation: Operation, shape: string): SpearError {
	return new SpearError("internal", `the backend chosen for ${operation} declares ${shape} but does not implement it`);
}
