import type { Decision } from "../api.ts";

/** Decisions that are kept of all requests, and as many of notable ones. */
const CAPACITY = 1_000;

/** Filters of decisions. An absent member filters nothing. */
export interface DecisionFilter {
	readonly operation?: string | undefined;
	readonly guest?: string | undefined;
	/** A backend that an attempt used. */
	readonly backend?: string | undefined;
	readonly model?: string | undefined;
	readonly status?: string | undefined;
	readonly hedged?: boolean | undefined;
	readonly downgraded?: boolean | undefined;
	/** Ends from this time on, in milliseconds since 1970. */
	readonly since?: number | undefined;
	/** Ends before this time, in milliseconds since 1970. */
	readonly before?: number | undefined;
}

/** A page of decisions, the newest first. */
export interface DecisionPage {
	readonly decisions: readonly Decision[];
	/** Number of the last decision, if older ones match too. */
	readonly nextBelow: number | undefined;
}

/**
 * The last decisions. Notable ones (failed, hedged, retried or downgraded) are kept longer: the last 1000 of them stay, however many ordinary ones
 * follow.
 */
export class DecisionStore {
	/** The oldest first. */
	readonly #all: Decision[] = [];
	/** Notable decisions that are no longer among all, the oldest first. */
	readonly #notable: Decision[] = [];
	readonly #byId = new Map<string, Decision>();

	get size(): number {
		return this.#all.length + this.#notable.length;
	}

	get capacity(): number {
		return 2 * CAPACITY;
	}

	add(decision: Decision): void {
		this.#all.push(decision);
		this.#byId.set(decision.id, decision);
		if (this.#all.length <= CAPACITY) return;
		const oldest = this.#all.shift();
		if (oldest === undefined) return;
		if (!isNotable(oldest)) {
			this.#forget(oldest);
			return;
		}
		this.#notable.push(oldest);
		if (this.#notable.length <= CAPACITY) return;
		const displaced = this.#notable.shift();
		if (displaced !== undefined) this.#forget(displaced);
	}

	/** Returns the newest decision with this id. */
	get(id: string): Decision | undefined {
		return this.#byId.get(id);
	}

	/**
	 * Returns decisions that match.
	 *
	 * @param limit Most decisions.
	 * @param below Only decisions with a lower number. The default is all.
	 */
	page(filter: DecisionFilter, limit: number, below = Number.POSITIVE_INFINITY): DecisionPage {
		const decisions: Decision[] = [];
		for (const list of [this.#all, this.#notable]) {
			for (let index = list.length - 1; index >= 0; index--) {
				const decision = list[index];
				if (decision === undefined || decision.sequence >= below || !matches(decision, filter)) continue;
				if (decisions.length === limit) return { decisions, nextBelow: decisions.at(-1)?.sequence };
				decisions.push(decision);
			}
		}
		return { decisions, nextBelow: undefined };
	}

	/** Two requests may have one id if their client names it. */
	#forget(decision: Decision): void {
		if (this.#byId.get(decision.id) === decision) this.#byId.delete(decision.id);
	}
}

function isNotable({ status, hedged, retried, downgraded }: Decision): boolean {
	return status === "failed" || hedged || retried || downgraded;
}

function matches(decision: Decision, filter: DecisionFilter): boolean {
	const { operation, guest, backend, model, status, hedged, downgraded, since, before } = filter;
	return (
		(operation === undefined || decision.operation === operation) &&
		(guest === undefined || decision.guest === guest) &&
		(model === undefined || decision.model === model) &&
		(status === undefined || decision.status === status) &&
		(hedged === undefined || decision.hedged === hedged) &&
		(downgraded === undefined || decision.downgraded === downgraded) &&
		(since === undefined || decision.ended_at_ms >= since) &&
		(before === undefined || decision.ended_at_ms < before) &&
		(backend === undefined || decision.backend === backend || decision.timeline.some((attempt) => attempt.backend === backend))
	);
}
