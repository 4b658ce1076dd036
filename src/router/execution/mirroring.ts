import type { BackendContext, BackendMedia } from "../../../generated/backends/backend.ts";
import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { abortable } from "../../async/abortable.ts";
import { cancelledError, SpearError, timeoutError } from "../../errors/spear-error.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import { requestedModel } from "../eligibility/requested-model.ts";
import { transientRejection } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import { budgetWindow } from "../limits/budget-window.ts";
import { costOf, estimatedCost } from "../limits/cost.ts";
import type { Charge, Reservation } from "../limits/limit-store.ts";
import { perMinute } from "../limits/request-charges.ts";
import { reportedUsage } from "../limits/usage.ts";
import type { Route, RouteTable } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import type { MirrorSettings } from "../settings.ts";
import { callStream, callUnary } from "./backend-calls.ts";
import { Lease } from "./lease.ts";

/** What became of a copy of a request. Its answer is thrown away. */
export interface MirrorRecord {
	readonly requestId: string;
	readonly operation: Operation;
	readonly backend: string;
	readonly latencyMs: number;
	/** Absent when it succeeded. */
	readonly failure?: SpearError;
	readonly usage?: types.Usage;
	/** In the currency of the prices; absent when it is not known. */
	readonly cost?: number;
}

/** Sends a sample of requests to a further instance. The request itself neither waits for that nor hears of it. */
export class Mirroring {
	readonly #state: RouterState;
	readonly #onMirror: (record: MirrorRecord) => void;
	readonly #copies = new Map<Operation, number>();
	readonly #ends = new Set<AbortController>();
	#closed = false;

	constructor(state: RouterState, onMirror: (record: MirrorRecord) => void) {
		this.#state = state;
		this.#onMirror = onMirror;
	}

	/** Ends the copies that are under way; there are no more. */
	close(): void {
		this.#closed = true;
		for (const end of this.#ends) end.abort(cancelledError("the host is closing"));
	}

	/** Copies a request, if it is one of the sample and everything allows it. Gives the instance that gets the copy. */
	offer<O extends Operation>(request: RequestEnvelope<O>, route: Route, table: RouteTable, context: BackendContext): string | undefined {
		const { mirror } = route.rules;
		if (mirror === undefined || this.#state.random() >= mirror.ratio) return undefined;
		const instance = table.instance(mirror.backend);
		const shape = request.requirements.required_transports.includes("server_stream") ? "stream" : "unary";
		if (instance === undefined || request.requirements.required_transports.includes("bidi_stream")) return undefined;
		if (table.staticRejection(instance, request, { ...route.rules, allow: undefined, deny: undefined, guest: undefined }) !== undefined)
			return undefined;
		if (transientRejection(instance, request.operation, this.#state.clock.now()) !== undefined) return undefined;
		if ((this.#copies.get(request.operation) ?? 0) >= mirror.concurrency) return undefined;
		const leaveTable = table.enter();
		this.#count(request.operation, 1);
		const leave = (): void => {
			this.#count(request.operation, -1);
			leaveTable();
		};
		// Later, so that the request itself is on its way first. What fails of the copy itself is nobody's concern.
		this.#state.clock.after(
			0,
			() =>
				void this.#copy(request, instance, shape, mirror, route, context)
					.catch(() => {})
					.finally(leave),
		);
		return instance.name;
	}

	async #copy<O extends Operation>(
		request: RequestEnvelope<O>,
		instance: Instance,
		shape: "unary" | "stream",
		mirror: MirrorSettings,
		{ candidates }: Route,
		context: BackendContext,
	): Promise<void> {
		const { clock, store } = this.#state;
		const { operation, size } = request;
		const { price } = modelOffer(instance, operation, requestedModel(request));
		const key = instance.keys.pick(clock.now());
		if (key === undefined) return;
		const charges = this.#charges(request, price, mirror);
		const reservation = await store.reserve(charges);
		if (!reservation.granted) return;
		if (this.#closed) return settle(reservation, charges, 0);
		const lease = new Lease({
			instance,
			operation,
			key,
			statsKey: candidates.subject.statsKey,
			clock,
			onRelease: () => this.#state.pending.notify(instance),
		});
		const abort = new AbortController();
		this.#ends.add(abort);
		const { timeout_ms } = request;
		const cancel = timeout_ms === undefined ? () => {} : clock.after(timeout_ms, () => abort.abort(timeoutError(timeout_ms)));
		const copied: BackendContext = { ...context, apiKey: lease.keyValue, signal: abort.signal, media: withoutStoring(context.media) };
		const record = { requestId: request.request_id, operation, backend: instance.name };
		const latencyMs = (): number => Math.round(clock.now() - lease.startedAt);
		try {
			const answer = await abortable(this.#answer(request, instance, shape, copied), abort.signal);
			lease.release({ type: "succeeded" });
			const usage = reportedUsage(answer);
			const cost = costOf(price, usage, size);
			settle(reservation, charges, cost);
			this.#onMirror({
				...record,
				latencyMs: latencyMs(),
				...(usage === undefined ? {} : { usage }),
				...(cost === undefined ? {} : { cost }),
			});
		} catch (thrown) {
			const failure = SpearError.from(thrown);
			lease.release({ type: "failed", error: failure });
			settle(reservation, charges, failure.processed === "unknown" ? undefined : 0);
			this.#onMirror({ ...record, latencyMs: latencyMs(), failure });
		} finally {
			cancel();
			this.#ends.delete(abort);
		}
	}

	async #answer<O extends Operation>(
		request: RequestEnvelope<O>,
		instance: Instance,
		shape: "unary" | "stream",
		context: BackendContext,
	): Promise<object> {
		if (shape === "unary") return callUnary(instance, request, context);
		let last: object = {};
		for await (const event of callStream(instance, request, context)) {
			if ("completed" in event && typeof event.completed === "object") last = event.completed;
		}
		return last;
	}

	#charges(request: RequestEnvelope<Operation>, price: PriceConfig | undefined, mirror: MirrorSettings): Charge[] {
		const { operation, size } = request;
		const rate = perMinute(`mirror:${operation}:requests`, 1, mirror.requestsPerMinute);
		if (mirror.budgetPerDay === undefined || price === undefined) return [rate];
		const { id, ms } = budgetWindow("day", this.#state.wallClock());
		const amount = estimatedCost(price, size, size?.output_tokens ?? 0);
		return [rate, { bucket: `mirror:${operation}:money:${id}`, amount, capacity: mirror.budgetPerDay, perMs: 0, forgetAfterMs: ms }];
	}

	#count(operation: Operation, by: 1 | -1): void {
		this.#copies.set(operation, (this.#copies.get(operation) ?? 0) + by);
	}
}

function settle(reservation: Reservation, charges: readonly Charge[], cost: number | undefined): void {
	reservation.settle(charges.map((_, index) => (index === 0 ? undefined : cost)));
}

/** Media that can be read; what a copy would store is read to its end and forgotten. */
function withoutStoring(media: BackendMedia): BackendMedia {
	return {
		open: (reference, signal) => media.open(reference, signal),
		async store(content, mimeType) {
			let size = 0;
			for await (const piece of content) size += piece.byteLength;
			return {
				reference: { type: "stored", stored: "sms+file://mirrored" },
				size,
				mimeType: mimeType ?? "application/octet-stream",
				sha256: "",
			};
		},
	};
}
