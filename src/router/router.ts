import type { BackendContext, BackendMedia } from "../../generated/backends/backend.ts";
import type { RequestEnvelope, ResponseEnvelope, ServedBy } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { abortable, abortableItems } from "./abortable.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { Decision, noCandidate } from "./explanation.ts";
import { filterCandidates, type RoutePolicy } from "./filter.ts";
import type { Instance } from "./instance.ts";
import { acquire } from "./lease.ts";
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

/** One decision and how it ended. */
export interface RouteDecision {
	readonly requestId: string;
	readonly explanation: types.Explanation;
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

/** What one attempt needs to know. */
interface Attempt {
	readonly instance: Instance;
	readonly deadline: Deadline;
	/** Ends the attempt: releases the lease, records it, tells the observer, and gives back the error as the guest shall see it. */
	finish(failure?: SpearError): SpearError | undefined;
	readonly elapsed: () => number;
	readonly attempts: () => types.Attempt[];
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

	/** One request, one response. Rejects only with a SpearError that carries the explanation. */
	async unary<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Answer<O>> {
		const attempt = this.#begin(request, context);
		try {
			const shapes = shapesOf<O>(attempt.instance, request.operation);
			if (shapes.unary === undefined) throw lacksShape(request.operation, "unary");
			const { signal } = attempt.deadline;
			const payload = await abortable(shapes.unary(request, { signal, requestId: request.request_id, media: context.media }), signal);
			attempt.finish();
			return {
				version: request.version,
				request_id: request.request_id,
				operation: request.operation,
				backend: {
					name: attempt.instance.kind,
					instance: attempt.instance.name,
					latency_ms: attempt.elapsed(),
					attempts: attempt.attempts(),
				},
				result: { payload },
			};
		} catch (thrown) {
			throw attempt.finish(SpearError.from(thrown));
		}
	}

	/** One request, a sequence of events ending in `completed`. Throws only a SpearError that carries the explanation. */
	async *stream<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): AsyncGenerator<OperationMap[O]["event"]> {
		const attempt = this.#begin(request, context);
		let outcome: SpearError | undefined = new SpearError("cancelled", "the stream was given up before it was complete");
		try {
			const shapes = shapesOf<O>(attempt.instance, request.operation);
			if (shapes.stream === undefined) throw lacksShape(request.operation, "server_stream");
			const { signal } = attempt.deadline;
			const events = shapes.stream(request, { signal, requestId: request.request_id, media: context.media });
			for await (const event of abortableItems(events, signal)) {
				if (event.type === "completed") {
					outcome = undefined;
					attempt.finish();
				}
				yield event;
			}
		} catch (thrown) {
			outcome = SpearError.from(thrown);
			throw attempt.finish(outcome);
		} finally {
			attempt.finish(outcome);
		}
	}

	#begin(request: RequestEnvelope<Operation>, context: RouteContext): Attempt {
		const { instances, policy, routes, now } = this.#options;
		const candidates = filterCandidates(instances, request, routes.get(request.operation) ?? {});
		const order = preferFirst(policy.order(request.operation, candidates.eligible), request.routing?.preferred ?? []);
		const decision = new Decision(request, candidates, order, policy.name);
		const [instance] = order;
		const tell = (error?: SpearError): void =>
			context.onDecision?.({ requestId: request.request_id, explanation: decision.snapshot(), ...(error === undefined ? {} : { error }) });
		if (instance === undefined) {
			const error = noCandidate(decision.snapshot());
			tell(error);
			throw error;
		}
		decision.choose(instance.name);
		const lease = acquire(instance);
		const deadline = startDeadline(context.signal, request.timeout_ms);
		const started = now();
		const elapsed = (): number => Math.round(now() - started);
		let finished = false;
		return {
			instance,
			deadline,
			elapsed,
			attempts: () => decision.attempts,
			finish: (failure) => {
				if (finished) return failure;
				finished = true;
				deadline.clear();
				lease.release();
				decision.record({
					backend: instance.name,
					latency_ms: elapsed(),
					...(failure === undefined ? {} : { failure: failure.code, detail: failure.message }),
				});
				const error = failure?.with({ operation: request.operation, explanation: decision.snapshot() });
				tell(error);
				return error;
			},
		};
	}
}

/** The shapes a backend may offer for an operation; the filter has made sure that the required one is there. */
interface Shapes<O extends Operation> {
	unary?(request: RequestEnvelope<O>, context: BackendContext): Promise<OperationMap[O]["result"]>;
	stream?(request: RequestEnvelope<O>, context: BackendContext): AsyncIterable<OperationMap[O]["event"]>;
	connect?(request: RequestEnvelope<O>, context: BackendContext): Promise<unknown>;
}

function shapesOf<O extends Operation>(instance: Instance, operation: O): Shapes<O> {
	const operations: { readonly [K in Operation]: Shapes<K> | undefined } = instance.backend.operations;
	return operations[operation] ?? {};
}

function lacksShape(operation: Operation, shape: string): SpearError {
	return new SpearError("internal", `the backend chosen for ${operation} declares ${shape} but does not implement it`);
}
