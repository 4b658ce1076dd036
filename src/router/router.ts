import type { BackendContext, BackendMedia } from "../../generated/backends/backend.ts";
import type { RequestEnvelope, ResponseEnvelope, ServedBy, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { abortable } from "../async/abortable.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type GuestIdentity, NO_GUEST } from "../identity/guest-identity.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import { DecisionLog } from "./decision/decision-log.ts";
import { Decision, noCandidate, type RouteExplanation } from "./decision/explanation.ts";
import type { RouteDecision } from "./decision/route-decision.ts";
import { type CatalogEntry, catalogOf } from "./eligibility/catalog.ts";
import { modelOffer } from "./eligibility/model-offer.ts";
import { requestedModel } from "./eligibility/requested-model.ts";
import type { Attempt } from "./execution/attempt.ts";
import { type ChannelOf, callConnect, callStream, callUnary } from "./execution/backend-calls.ts";
import { LeaseAcquisition } from "./execution/lease-acquisition.ts";
import { Mirroring, type MirrorRecord } from "./execution/mirroring.ts";
import { RequestExecution } from "./execution/request-execution.ts";
import type { Instance } from "./instances/instance.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import { admissionCharges, spentError } from "./limits/request-charges.ts";
import { type Route, RouteTable, type RoutingConfig } from "./route-table.ts";
import { RouterState } from "./router-state.ts";

/** What accompanies a request on its way down. */
export interface RouteContext {
	/** Aborted when the run, the stream or the host ends. */
	readonly signal: AbortSignal;
	/** The media of the guest whose request it is, for the backend. */
	readonly media: BackendMedia;
	/** Whose request it is. */
	readonly guest?: GuestIdentity;
	/** Told of each decision once it is final, whatever the outcome. */
	readonly onDecision?: (decision: RouteDecision) => void;
}

/** The answer to a request that succeeded: a response envelope that surely names its backend and holds a result. */
export interface Answer<O extends Operation> extends ResponseEnvelope<O> {
	backend: ServedBy;
	result: { payload: OperationMap[O]["result"] };
}

/** A session that stands. It holds its lease until `end` is told, once, how it ended; `end` gives the error as the guest shall see it. */
export interface Connection<O extends Operation> {
	readonly channel: ChannelOf<O>;
	readonly end: (failure?: SpearError, result?: OperationMap[O]["result"]) => SpearError | undefined;
}

export interface RouterOptions extends RoutingConfig {
	readonly clock: Clock;
	readonly random: Random;
	/** Milliseconds since 1970. */
	readonly wallClock: () => number;
	/** Where rates and budgets are counted. */
	readonly store: LimitStore;
	/** Told what became of copies that were sent to a mirror. */
	readonly onMirror?: (record: MirrorRecord) => void;
}

/** Chooses a backend instance for each request and sees the request through. Knows no protocol. */
export class Router {
	readonly #state: RouterState;
	readonly #mirroring: Mirroring;
	readonly #log: DecisionLog;
	#table: RouteTable;
	/** Until nothing goes by any former table: a backend that was kept through several may be in use by the first of them. */
	#former: Promise<unknown> = Promise.resolve();

	constructor({ clock, random, wallClock, store, onMirror, ...config }: RouterOptions) {
		this.#state = new RouterState({ clock, random, wallClock, store }, config.settings);
		this.#mirroring = new Mirroring(this.#state, onMirror ?? (() => {}));
		this.#log = new DecisionLog(config.settings.decisionLog.capacity);
		this.#table = new RouteTable(config, this.#state);
	}

	/**
	 * Goes by another configuration from the next decision on. What is under way ends as it began: resolves when nothing goes by a former
	 * one any more, however many there were, so that the backends that are of no more use can be closed.
	 */
	configure(config: RoutingConfig): Promise<void> {
		const former = this.#table;
		this.#table = new RouteTable(config, this.#state, former);
		this.#state.updateSettings(config.settings);
		this.#log.resize(config.settings.decisionLog.capacity);
		const gone = Promise.all([this.#former, former.retire()]).then(() => {});
		this.#former = gone;
		return gone;
	}

	/** Ends the copies that are under way: no request waits for them, but whoever closes the backends does. */
	close(): void {
		this.#mirroring.close();
	}

	get instances(): readonly Instance[] {
		return this.#table.config.instances;
	}

	/** The last decisions of the sample that is kept, and of those that failed; oldest first. */
	get decisions(): readonly RouteDecision[] {
		return this.#log.list();
	}

	/**
	 * The voices that requests may ask for, of one model or of all: each once, as the first instance that has it describes it.
	 *
	 * @throws SpearError `no_candidate_backend` when no instance may speak, or none with that model.
	 */
	voices(model: string | undefined, guest: GuestIdentity = NO_GUEST): tts.Voice[] {
		const operation = "text_to_speech";
		const { eligible, rejected } = this.#table.usable(operation, model, guest);
		if (eligible.length === 0) {
			throw noCandidate({
				operation,
				...(model === undefined ? {} : { model }),
				required_features: [],
				required_transports: [],
				candidates_checked: rejected.length,
				eligible: [],
				rejected: [...rejected],
				policy: this.#table.rules(operation, this.#table.guests.classOf(guest)).policy,
				attempts: [],
			});
		}
		const voices = new Map<string, tts.Voice>();
		for (const instance of eligible) {
			for (const voice of instance.operations.get(operation)?.voices ?? []) if (!voices.has(voice.id)) voices.set(voice.id, voice);
		}
		return [...voices.values()];
	}

	/** What may be asked of every operation now: a view for guests, without the instances behind it. */
	catalog(guest: GuestIdentity = NO_GUEST): CatalogEntry[] {
		return catalogOf((operation) => this.#table.usable(operation, undefined, guest).eligible);
	}

	/** Where a request would go now, and why. Sends nothing; the policies take their turn all the same. */
	explain(request: UntypedRequestEnvelope, guest: GuestIdentity = NO_GUEST): RouteExplanation {
		const { route, acquisition, decision } = this.#prepare(request, guest);
		if (route.refusal !== undefined) throw route.refusal;
		const instance = acquisition.peek();
		if (instance !== undefined) decision.choose(instance.name);
		return decision.snapshot();
	}

	/** One request, one response. Rejects only with a SpearError that carries the explanation. */
	async unary<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Answer<O>> {
		const execution = await this.#start(request, context);
		const { attempt, value: payload } = await execution.start({
			start: async (begun) => callUnary(begun.instance, request, backendContext(request, context, begun)),
			discardLate: () => {},
		});
		execution.succeed(payload);
		const { elapsedMs: latency_ms, attempts } = execution;
		return {
			version: request.version,
			request_id: request.request_id,
			operation: request.operation,
			backend: { name: attempt.instance.kind, instance: attempt.instance.name, latency_ms, attempts },
			result: { payload },
		};
	}

	/** One request, a sequence of events ending in `completed`. Throws only a SpearError that carries the explanation. */
	async *stream<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): AsyncGenerator<OperationMap[O]["event"]> {
		type Opened = { readonly events: AsyncIterator<OperationMap[O]["event"]>; readonly first: OperationMap[O]["event"] };
		const execution = await this.#start(request, context);
		let events: Opened["events"] | undefined;
		try {
			const begun = await execution.start<Opened>({
				start: async (attempt) => {
					const source = callStream(attempt.instance, request, backendContext(request, context, attempt));
					const opened = source[Symbol.asyncIterator]();
					const first = await opened.next();
					if (first.done === true) throw endedEarly();
					return { events: opened, first: first.value };
				},
				discardLate: ({ events: late }) => cancelIterator(late),
			});
			events = begun.value.events;
			begun.attempt.lease.confirm();
			let event = begun.value.first;
			for (;;) {
				if (event.type === "completed") execution.succeed("completed" in event ? event.completed : {});
				yield event;
				if (event.type === "completed") return;
				const step = await begun.attempt.next(events.next(), execution.rules.idleTimeoutMs);
				if (step.done === true) throw endedEarly();
				event = step.value;
			}
		} catch (thrown) {
			throw execution.fail(thrown);
		} finally {
			// Not awaited: a source that ignores its signal must not hold back the caller.
			if (events !== undefined) cancelIterator(events);
			execution.abandon();
		}
	}

	/**
	 * Opens a session; the request's deadline is for that only. The lease is held until the session ends, which is for the caller to
	 * tell. Rejects only with a SpearError that carries the explanation.
	 */
	async connect<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Connection<O>> {
		const execution = await this.#start(request, context);
		const { attempt, value: channel } = await execution.start<ChannelOf<O>>({
			start: async (begun) => callConnect(begun.instance, request, backendContext(request, context, begun)),
			discardLate: (late) => closeChannel(late),
		});
		const session = execution.establish();
		const seconds = modelOffer(attempt.instance, request.operation, requestedModel(request)).limits.session_seconds;
		const cancel =
			seconds === undefined
				? () => {}
				: this.#state.clock.after(seconds * 1_000, () =>
						attempt.abort(
							new SpearError("timeout", `the backend allows sessions of ${seconds} seconds; open another one`, { attribution: "request" }),
						),
					);
		return {
			channel,
			end(failure, result) {
				cancel();
				session.finish(failure === undefined ? { type: "succeeded" } : { type: "failed", error: failure }, result);
				return failure?.with({ operation: request.operation });
			},
		};
	}

	#prepare(request: UntypedRequestEnvelope, guest: GuestIdentity) {
		const state = this.#state;
		const table = this.#table;
		const startedAt = state.clock.now();
		const route = table.resolve(request, guest);
		const decision = new Decision(request, route.candidates.subject.policy, (chosen) =>
			table.evaluate(request, route, state.clock.now(), chosen),
		);
		const acquisition = new LeaseAcquisition({
			request,
			route,
			decision,
			state,
			queueTimeoutMs: table.config.settings.queueTimeoutMs,
			startedAt,
			deadlineAt: startedAt + (request.timeout_ms ?? Number.POSITIVE_INFINITY),
		});
		return { table, route, decision, acquisition, startedAt };
	}

	/** Lets the guest in and begins the execution. What it refuses, it refuses with an explanation. */
	async #start<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<RequestExecution> {
		const state = this.#state;
		const { table, route, decision, acquisition, startedAt } = this.#prepare(request, context.guest ?? NO_GUEST);
		const { settings } = table.config;
		const sampled = settings.decisionLog.capacity > 0 && state.random() < settings.decisionLog.ratio;
		const leaveTable = table.enter();
		let leaveGuest = (): void => {};
		const onLeave = (): void => {
			leaveTable();
			leaveGuest();
		};
		const onEnd = (ended: RouteDecision): void => {
			if (sampled || ended.error !== undefined) this.#log.add(ended);
			context.onDecision?.(ended);
		};
		const execution = new RequestExecution({
			request,
			signal: context.signal,
			route,
			decision,
			acquisition,
			state,
			settings,
			startedAt,
			sampled,
			onEnd,
			onLeave,
		});
		try {
			if (route.refusal !== undefined) throw route.refusal;
			leaveGuest = table.guests.enter(route.guest);
			checkConcurrency(route, state, request.operation);
			const charges = admissionCharges(route.guest, route.guestSettings);
			if (charges.length > 0) {
				const answer = await abortable(Promise.resolve(state.store.reserve(charges)), execution.signal);
				if (!answer.granted) throw spentError("requests", answer.retryAfterMs);
			}
		} catch (thrown) {
			throw execution.fail(thrown);
		}
		const mirrored = this.#mirroring.offer(request, route, table, {
			signal: context.signal,
			requestId: request.request_id,
			media: context.media,
			apiKey: undefined,
		});
		if (mirrored !== undefined) decision.events.push({ at_ms: 0, type: "mirrored", backend: mirrored });
		return execution;
	}
}

function checkConcurrency({ rules }: Route, state: RouterState, operation: Operation): void {
	// This request is counted already.
	const others = state.inFlight(operation) - 1;
	if (rules.concurrency === undefined || others < rules.concurrency) return;
	throw new SpearError(
		"rate_limited",
		`${others} requests of ${operation} are in flight, and the host allows ${rules.concurrency} at a time`,
	);
}

function backendContext(request: RequestEnvelope<Operation>, { media }: RouteContext, { signal, apiKey }: Attempt): BackendContext {
	return { signal, requestId: request.request_id, media, apiKey };
}

function endedEarly(): SpearError {
	return new SpearError("backend_error", "the backend ended the stream without completing the answer", {
		retryable: true,
		processed: "unknown",
	});
}

/** Not awaited: a source that ignores its signal must not hold back the caller. */
function cancelIterator(events: AsyncIterator<unknown>): void {
	void events.return?.()?.catch(() => {});
}

function closeChannel(channel: unknown): void {
	if (typeof channel === "object" && channel !== null && "close" in channel && typeof channel.close === "function") {
		void Promise.resolve(channel.close()).catch(() => {});
	}
}
