import type { BackendContext, BackendMedia } from "../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation, Transport } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { abortable } from "../../async/abortable.ts";
import { CancelScope } from "../../async/cancel-scope.ts";
import { cancelledError, SpearError, timeoutError } from "../../errors/spear-error.ts";
import { requestedModel } from "../../operations/requested-model.ts";
import { requestFor } from "../degradation/request-for.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import { transientRejection } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import { Delivery } from "../limits/delivery.ts";
import { mirrorCharges, RequestCharges } from "../limits/request-charges.ts";
import type { HealthTransition } from "../resilience/health.ts";
import type { Route, RouteTable } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import type { MirrorSettings } from "../settings.ts";
import { callStream, callUnary } from "./backend-calls.ts";
import { Lease, type LeaseOwner, type LeaseSubject } from "./lease.ts";

/** The outcome of one mirrored request, whose answer is discarded. */
export interface MirrorRecord {
	readonly requestId: string;
	readonly operation: Operation;
	/** Name of the instance. */
	readonly backend: string;
	/** Name of the key that was used. Absent for an instance that needs no key. */
	readonly key?: string;
	/** Time until the end of the answer or the failure, in milliseconds. */
	readonly latencyMs: number;
	/** Absent for a success. */
	readonly failure?: SpearError;
	/** Usage that the answer reported. Absent for none. */
	readonly usage?: types.Usage;
	/** In the currency of the prices. Absent for an unknown cost. */
	readonly cost?: number;
}

/** A copy of a request, and the instance that it goes to. */
interface Copy<O extends Operation> {
	readonly request: RequestEnvelope<O>;
	readonly instance: Instance;
	readonly transport: Exclude<Transport, "bidi_stream">;
	/** Id of the guest of the copied request. */
	readonly guest: string;
	readonly mirror: MirrorSettings;
	readonly subject: LeaseSubject;
	readonly context: BackendContext;
}

/** Scope of the reservations of copies, which are never cancelled. */
const NEVER = new CancelScope();

/** Sends copies of sampled requests to a further instance. The requests themselves neither wait for the copies nor see their outcome. */
export class Mirroring implements LeaseOwner {
	readonly #state: RouterState;
	readonly #onMirror: (record: MirrorRecord) => void;
	/** Copies in flight, by operation. */
	readonly #inFlight = new Map<Operation, number>();
	readonly #aborts = new Set<AbortController>();
	#closed = false;

	/** @param onMirror Called with the outcome of each copy. */
	constructor(state: RouterState, onMirror: (record: MirrorRecord) => void) {
		this.#state = state;
		this.#onMirror = onMirror;
	}

	/** Cancels the copies in flight. Copies that have not been sent yet are dropped. */
	close(): void {
		this.#closed = true;
		for (const abort of this.#aborts) abort.abort(cancelledError("the host is closing"));
	}

	/**
	 * Sends a copy of a request if it is sampled, and if the instance and the limits of the mirror allow it. Sessions are never copied.
	 *
	 * @returns The name of the instance; `undefined` without a copy.
	 */
	offer<O extends Operation>(request: RequestEnvelope<O>, route: Route, table: RouteTable, context: BackendContext): string | undefined {
		const { mirror } = route.rules;
		if (mirror === undefined || this.#state.random() >= mirror.ratio) return undefined;
		const { operation, requirements } = request;
		const instance = table.instance(mirror.backend);
		if (instance === undefined || requirements.required_transports.includes("bidi_stream")) return undefined;
		// The lists of host and guest choose who answers; the mirror's answer reaches no guest.
		const rules = { ...route.rules, allow: undefined, deny: undefined, guest: undefined };
		if (table.staticRejection(instance, request, rules, route.assessment) !== undefined) return undefined;
		const { id: guest } = route.guest;
		if (transientRejection(instance, operation, this.#state.clock.now(), guest) !== undefined) return undefined;
		if ((this.#inFlight.get(operation) ?? 0) >= mirror.concurrency) return undefined;
		const transport = requirements.required_transports.includes("server_stream") ? "server_stream" : "unary";
		const copy: Copy<O> = {
			request: requestFor(request, route, instance),
			instance,
			transport,
			guest,
			mirror,
			subject: route.candidates.subject,
			context,
		};
		table.retain();
		this.#count(operation, 1);
		const release = (): void => {
			this.#count(operation, -1);
			table.release();
		};
		// In a later turn of the event loop, so that the request itself is sent first. An error of the copy itself concerns no caller.
		this.#state.clock.after(
			0,
			() =>
				void this.#send(copy)
					.catch(() => {})
					.finally(release),
		);
		return instance.name;
	}

	/** Never called, because the lease of a copy is not confirmed before its release. */
	onRecovery(): void {}

	onRelease(lease: Lease, transition: HealthTransition): void {
		this.#state.peers?.observe(lease, transition);
		this.#state.pending.notify(lease.instance);
	}

	async #send<O extends Operation>({ request, instance, transport, guest, mirror, subject, context }: Copy<O>): Promise<void> {
		const { clock, store, wallClock } = this.#state;
		const { operation, size, timeout_ms } = request;
		const { price } = modelOffer(instance, operation, requestedModel(request));
		const key = instance.keys.pick(clock.now(), undefined, guest);
		if (key === undefined) return;
		const priced = { price, size };
		const charges = new RequestCharges(mirrorCharges(operation, mirror, priced, wallClock()), priced);
		if ((await charges.reserve(store, NEVER)) !== undefined) return;
		// The router may have been closed since the copy was offered, or while the store answered.
		if (this.#closed) return charges.settleUnused();
		const lease = new Lease(instance, key, subject, guest, this.#state, this, charges);
		const abort = new AbortController();
		this.#aborts.add(abort);
		const cancelDeadline = timeout_ms === undefined ? () => {} : clock.after(timeout_ms, () => abort.abort(timeoutError(timeout_ms)));
		const named = key.name === undefined ? {} : { key: key.name };
		const record = { requestId: request.request_id, operation, backend: instance.name, ...named };
		const latencyMs = (): number => Math.round(clock.now() - lease.startedAt);
		try {
			const ownContext = { ...context, apiKey: lease.keyValue, signal: abort.signal, media: withoutStoring(context.media) };
			const call = transport === "unary" ? callUnary(instance, request, ownContext) : readToEnd(callStream(instance, request, ownContext));
			const delivery = new Delivery();
			delivery.addResult(await abortable(call, abort.signal));
			const usage = delivery.reported;
			const cost = charges.costOf(usage);
			lease.release({ type: "succeeded" }, delivery);
			this.#onMirror({
				...record,
				latencyMs: latencyMs(),
				...(usage === undefined ? {} : { usage }),
				...(cost === undefined ? {} : { cost }),
			});
		} catch (thrown) {
			const failure = SpearError.from(thrown);
			lease.release({ type: "failed", error: failure });
			this.#onMirror({ ...record, latencyMs: latencyMs(), failure });
		} finally {
			cancelDeadline();
			this.#aborts.delete(abort);
		}
	}

	#count(operation: Operation, by: 1 | -1): void {
		this.#inFlight.set(operation, (this.#inFlight.get(operation) ?? 0) + by);
	}
}

/** Reads a stream to its end. Resolves with the whole answer that the last event holds; with an empty object if it holds none. */
async function readToEnd(events: AsyncIterable<object>): Promise<object> {
	let answer: object = {};
	for await (const event of events) {
		if ("completed" in event && typeof event.completed === "object" && event.completed !== null) answer = event.completed;
	}
	return answer;
}

/** Media that a copy can read. Media that it stores are read to their end and discarded. */
function withoutStoring(media: BackendMedia): BackendMedia {
	return {
		open: (reference, signal) => media.open(reference, signal),
		async store(content, mimeType) {
			let size = 0;
			for await (const chunk of content) size += chunk.byteLength;
			return {
				reference: { type: "stored", stored: "sms+file://mirrored" },
				size,
				mimeType: mimeType ?? "application/octet-stream",
				sha256: "",
			};
		},
	};
}
