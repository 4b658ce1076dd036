import type { BackendMedia, BackendRequests } from "../../generated/backends/backend.ts";
import type { RequestEnvelope, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type * as types from "../../generated/ir/types.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type GuestIdentity, NO_GUEST } from "../identity/guest-identity.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import type { DecisionListener } from "./decision/decision-observers.ts";
import type { RouteExplanation } from "./decision/explanation.ts";
import { noCandidateError } from "./decision/no-candidate.ts";
import type { RouteDecision } from "./decision/route-decision.ts";
import { type CatalogEntry, catalogOf } from "./eligibility/catalog.ts";
import { voicesOf } from "./eligibility/voices.ts";
import { Admission } from "./execution/admission.ts";
import { LeaseAcquisition } from "./execution/lease-acquisition.ts";
import { Mirroring, type MirrorRecord } from "./execution/mirroring.ts";
import { type RequestCaller, RequestExecution } from "./execution/request-execution.ts";
import { RoutedRequest } from "./execution/routed-request.ts";
import { type Answer, type Connection, runConnect, runStream, runUnary } from "./execution/run-request.ts";
import type { Instance } from "./instances/instance.ts";
import { guestLimits, instanceLimits, type LimitStatus, operationLimits } from "./limits/limit-status.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import type { PlaceStore } from "./limits/places.ts";
import { sharePlaces } from "./limits/shared-places.ts";
import { type BackendOverride, Overrides } from "./overrides.ts";
import type { PeerOptions } from "./resilience/peers/peer-hints.ts";
import { Peers } from "./resilience/peers/peers.ts";
import { RouteTable, type RoutingConfig } from "./route-table.ts";
import { RouterState } from "./router-state.ts";

/** Largest weight that an operator may set. Weights are relative, so larger ones say nothing more. */
const MAX_WEIGHT = 1_000_000;

/** The circumstances of a request. */
export interface RouteContext extends RequestCaller {
	/** Media of the guest, for the backend. */
	readonly media: BackendMedia;
	/** The default is no guest. */
	readonly guest?: GuestIdentity;
	/** Requests of a session to other backends. Absent for none. */
	readonly requests?: BackendRequests | undefined;
}

export interface RouterOptions extends RoutingConfig {
	readonly clock: Clock;
	readonly random: Random;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
	/** Counts rates and budgets. */
	readonly store: LimitStore;
	/** Places of limits of concurrency that several hosts share. The default is the limits themselves, for a host alone. */
	readonly places?: PlaceStore | undefined;
	/** Called with the outcome of each mirrored request. */
	readonly onMirror?: (record: MirrorRecord) => void;
}

/** Chooses a backend instance for each request, and executes the request there. Knows no protocol. */
export class Router {
	readonly #state: RouterState;
	readonly #mirroring: Mirroring;
	readonly #overrides = new Overrides();
	/** The configuration without overrides. */
	#config: RoutingConfig;
	#table: RouteTable;
	/** Resolves when no earlier table is in use. A backend that several reloads have kept may be in use by the first of them. */
	#earlierUnused: Promise<unknown> = Promise.resolve();

	constructor({ clock, random, wallClock, store, places, onMirror, ...config }: RouterOptions) {
		this.#state = new RouterState({ clock, random, wallClock, store, places }, config.settings);
		this.#mirroring = new Mirroring(this.#state, onMirror ?? (() => {}));
		this.#config = config;
		this.#table = new RouteTable(config, this.#state);
		this.#sharePlaces();
	}

	/**
	 * Replaces the routing configuration. New requests use it; requests in flight keep theirs. Resolves when no request uses any earlier
	 * configuration, so that backends that were removed can be closed.
	 */
	configure(config: RoutingConfig): Promise<void> {
		this.#config = config;
		this.#state.updateSettings(config.settings);
		return this.#replaceTable();
	}

	/**
	 * Replaces the override of an instance. New requests use it; requests in flight go on, and their further attempts too.
	 *
	 * @param override An empty one returns to the configuration.
	 * @throws SpearError `invalid_request` if there is no such instance, or the weight is none.
	 */
	override(name: string, override: BackendOverride): void {
		if (this.#table.instance(name) === undefined) throw new SpearError("invalid_request", `there is no backend '${guestName(name)}'`);
		const { weight } = override;
		if (weight !== undefined && !(weight >= 0 && weight <= MAX_WEIGHT))
			throw new SpearError("invalid_request", `weight: it must be a number from 0 to ${MAX_WEIGHT}`);
		this.#overrides.set(name, override);
		void this.#replaceTable();
	}

	/** Returns the override of an instance: an empty one for none. */
	overrideOf(name: string): BackendOverride {
		return this.#overrides.of(name);
	}

	/** Adds a listener of all final decisions, which must not throw. Returns the function that removes it. */
	observe(listener: DecisionListener): () => void {
		return this.#state.observers.add(listener);
	}

	/**
	 * Joins the routers of other hosts: tells them of changes of backends and keys, and takes their hints. New sessions are placed by consistent hash
	 * from then on, so that each host places a session alike.
	 */
	joinPeers(options: PeerOptions): Peers {
		const { clock, guests, recoveryEpoch } = this.#state;
		const peers = new Peers({ clock, guests, recoveryEpoch, instance: (name) => this.#table.instance(name) }, options);
		this.#state.peers = peers;
		return peers;
	}

	#replaceTable(): Promise<void> {
		const previous = this.#table;
		const config = { ...this.#config, instances: this.#overrides.apply(this.#config.instances) };
		this.#table = new RouteTable(config, this.#state, previous);
		this.#sharePlaces();
		const unused = Promise.all([this.#earlierUnused, previous.whenUnused()]).then(() => {});
		this.#earlierUnused = unused;
		return unused;
	}

	/** Counts an agent or a client of a guest among those that send requests. Returns the function that removes it. */
	addGuest({ id }: GuestIdentity): () => void {
		const { guests, clock } = this.#state;
		if (guests.add(id, clock.now())) this.#separate();
		let added = true;
		return () => {
			if (added) guests.remove(id);
			added = false;
		};
	}

	/** All instances as the configuration describes them, in the order of `instances`. */
	get configured(): readonly Instance[] {
		return this.#config.instances;
	}

	/**
	 * Returns the limits of an instance and what is left of them.
	 *
	 * @param operation The limits of this operation alone. Absent for those of all operations together.
	 */
	instanceLimits(instance: Instance, operation?: Operation): LimitStatus[] {
		const { store } = this.#state;
		return operation === undefined ? instanceLimits(instance, store) : operationLimits(instance, operation, store);
	}

	/** Returns the limits of a guest and what is left of them, and the name of the entry of the configuration that applies: "" for none. */
	guestLimits(guest: GuestIdentity): { readonly entry: string; readonly inFlight: number | undefined; readonly limits: LimitStatus[] } {
		const { guests } = this.#table;
		const { store, wallClock } = this.#state;
		const inFlight = guests.inFlightOf(guest);
		const settings = guests.settingsOf(guest);
		const limits = settings === undefined ? [] : guestLimits(guest, settings, inFlight, store, wallClock());
		return { entry: guests.classOf(guest), inFlight, limits };
	}

	/** Names of the entries of guests in the configuration. */
	get guestEntries(): readonly string[] {
		return [...this.#config.guests.keys()];
	}

	/** Cancels the mirrored requests in flight. No caller waits for them, but backends cannot be closed before they end. */
	close(): void {
		this.#mirroring.close();
	}

	/** All instances of the configuration. */
	get instances(): readonly Instance[] {
		return this.#table.config.instances;
	}

	/** Numbers of requests in flight by operation, and of requests that wait for an instance. Requests that wait count as in flight too. */
	get load(): {
		readonly inFlight: ReadonlyMap<Operation, number>;
		readonly pending: number;
		readonly ended: { readonly requests: number; readonly errors: number };
	} {
		return { inFlight: this.#state.inFlightByOperation, pending: this.#state.pending.size, ended: this.#state.ended };
	}

	/** The last decisions: all that failed, and a sample of the others. The oldest first. */
	get decisions(): readonly RouteDecision[] {
		return this.#state.decisionLog.list();
	}

	/**
	 * Returns the voices that requests may name, each id once: as the first instance that has the voice describes it.
	 *
	 * @param model Model that the requests name. `undefined` for any.
	 * @param backend Name of the only instance that the requests allow. `undefined` for all.
	 * @throws SpearError `no_candidate_backend` when no instance serves `text_to_speech`, or none with this model.
	 */
	voices(model: string | undefined, guest: GuestIdentity = NO_GUEST, backend?: string): tts.Voice[] {
		const operation = "text_to_speech";
		const usable = this.#table.usable(operation, model, guest);
		const eligible = usable.eligible.filter(({ name }) => backend === undefined || name === backend);
		const others = usable.eligible.filter((instance) => !eligible.includes(instance));
		const rejected = [...usable.rejected, ...others.map(({ name }): types.Rejection => ({ backend: name, reason: "not_allowed" }))];
		if (eligible.length > 0) return voicesOf(eligible);
		throw noCandidateError({
			operation,
			...(model === undefined ? {} : { model }),
			required_features: [],
			required_transports: [],
			candidates_checked: rejected.length,
			eligible: [],
			rejected,
			policy: this.#table.rules(operation, this.#table.guests.classOf(guest)).policy,
			attempts: [],
		});
	}

	/** Returns the operations and models that a guest may use now. Names no instance. */
	catalog(guest: GuestIdentity = NO_GUEST): CatalogEntry[] {
		return catalogOf((operation) => this.#table.usable(operation, undefined, guest).eligible);
	}

	/**
	 * Returns the explanation of the decision that a request would get now. Sends nothing, but the policy counts a turn.
	 *
	 * @param fields Fields that the request is assumed to have. The payload is read for its model only.
	 * @throws SpearError `not_permitted` when the request asks for a policy that it may not choose.
	 */
	explain(request: UntypedRequestEnvelope, guest: GuestIdentity = NO_GUEST, fields: readonly string[] = []): RouteExplanation {
		const table = this.#table;
		const startedAt = this.#state.clock.now();
		const routed = new RoutedRequest(request, table.resolvePartial(request, guest, fields), table, this.#state, startedAt, false);
		if (routed.route.refusal !== undefined) throw routed.route.refusal;
		const instance = new LeaseAcquisition(routed).peek();
		if (instance !== undefined) {
			routed.decision.choose(instance.name);
			routed.decision.downgrades = routed.route.assessment?.of(instance)?.downgrades ?? [];
		}
		return routed.decision.snapshot();
	}

	/**
	 * Executes a request for a whole answer.
	 *
	 * @throws SpearError of any code, with the explanation.
	 */
	unary<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Answer<O>> {
		try {
			const begun = this.#begin(request, context);
			if (begun instanceof RequestExecution) return runUnary(begun, request, context.media);
			return begun.then((execution) => runUnary(execution, request, context.media));
		} catch (thrown) {
			return Promise.reject(thrown);
		}
	}

	/**
	 * Executes a request for a stream of events, which ends with `completed`. Starts at the first read.
	 *
	 * @throws SpearError of any code, with the explanation.
	 */
	stream<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): AsyncGenerator<OperationMap[O]["event"], void, void> {
		return runStream(async () => this.#begin(request, context), request, context.media);
	}

	/**
	 * Opens a session. The deadline of the request applies only to that. The caller must call `end` of the connection.
	 *
	 * @throws SpearError of any code, with the explanation.
	 */
	async connect<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): Promise<Connection<O>> {
		return runConnect(await this.#begin(request, context), request, context, this.#state.clock);
	}

	#sharePlaces(): void {
		const { places, pending } = this.#state;
		if (places === undefined) return;
		for (const instance of this.instances) {
			sharePlaces(instance, places, () => {
				while (pending.notify(instance));
			});
		}
	}

	/** Leaves to a guest what its requests alone have shown, because it is not the only guest any more. */
	#separate(): void {
		for (const { stats, keys } of this.instances) {
			stats.separate();
			keys.separate();
		}
		this.#state.recoveryEpoch.value += 1;
	}

	/**
	 * Admits a request and begins its execution. The order matters. The execution begins first, so that a request that is not admitted ends
	 * like any other, with a decision. The copy for the mirror comes last, so that only admitted requests are copied.
	 *
	 * @throws SpearError the error of a request that is not admitted, with the explanation.
	 */
	#begin<O extends Operation>(request: RequestEnvelope<O>, context: RouteContext): RequestExecution | Promise<RequestExecution> {
		const table = this.#table;
		const state = this.#state;
		const startedAt = state.clock.now();
		const route = table.resolve(request, context.guest ?? NO_GUEST);
		if (state.guests.record(route.guest.id, startedAt)) this.#separate();
		const { ratio, capacity } = table.config.settings.decisionLog;
		const sampled = capacity > 0 && state.random() < ratio;
		const routed = new RoutedRequest(request, route, table, state, startedAt, sampled);
		const admission = new Admission(routed);
		const execution = new RequestExecution(routed, context, admission);
		let reserved: Promise<void> | undefined;
		try {
			const prepared = admission.prepare();
			if (prepared === undefined) {
				admission.admit();
				reserved = admission.reserve(execution.scope);
			} else {
				reserved = execution.scope.race(prepared).then(() => {
					admission.admit();
					return admission.reserve(execution.scope);
				});
			}
		} catch (thrown) {
			throw execution.fail(thrown);
		}
		if (reserved !== undefined) return this.#reserved(reserved, execution, request, context);
		this.#mirror(request, context, routed);
		return execution;
	}

	/** Completes the admission of a request when its reservation is made. */
	async #reserved<O extends Operation>(
		reserved: Promise<void>,
		execution: RequestExecution,
		request: RequestEnvelope<O>,
		context: RouteContext,
	): Promise<RequestExecution> {
		try {
			await reserved;
			this.#mirror(request, context, execution.routed);
			return execution;
		} catch (thrown) {
			throw execution.fail(thrown);
		}
	}

	#mirror<O extends Operation>(
		request: RequestEnvelope<O>,
		{ signal, media }: RouteContext,
		{ route, table, decision }: RoutedRequest,
	): void {
		if (route.rules.mirror === undefined) return;
		const { id: guest } = route.guest;
		const mirrored = this.#mirroring.offer(request, route, table, {
			signal,
			requestId: request.request_id,
			media,
			apiKey: undefined,
			guest,
		});
		if (mirrored !== undefined) decision.addEvent("mirrored", { backend: mirrored });
	}
}
