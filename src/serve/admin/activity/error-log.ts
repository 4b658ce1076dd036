import type { SpearError } from "../../../errors/spear-error.ts";
import { shownGuest } from "../../../host/telemetry/shown-guest.ts";
import type { ObservedDecision } from "../../../router/decision/decision-observers.ts";
import type { RecentError } from "../api.ts";
import { causesOf } from "./causes-of.ts";
import { shortened } from "./decision-of.ts";

/** Kinds of failures that are kept. A further one takes the place of the one that was seen last the longest ago. */
const MAX_KINDS = 200;

/** Part of a message that distinguishes failures, in characters. */
const KEY_LENGTH = 200;

/** Recent failures of attempts and requests, equal ones together. Failures that differ in numbers only are equal. */
export class ErrorLog {
	/** The one that was seen last the longest ago comes first. */
	readonly #errors = new Map<string, RecentError>();

	/** Adds the failures of a decision. Cancelled attempts and requests are none. */
	record(observed: ObservedDecision): void {
		const { outcomes, error } = observed.decision;
		for (const { backend, error: failure } of outcomes) if (failure !== undefined) this.#add(failure, backend, observed);
		// The failure of the last attempt is that of the request too.
		if (error !== undefined && outcomes.at(-1)?.error?.code !== error.code) this.#add(error, undefined, observed);
	}

	/** Returns the failures, the latest first. */
	list(): RecentError[] {
		return [...this.#errors.values()].reverse();
	}

	#add(failure: SpearError, backend: string | undefined, { decision, operation, guest, endedAtMs }: ObservedDecision): void {
		const { code, reason, attribution } = failure;
		if (code === "cancelled") return;
		const message = shortened(failure.message);
		const key = JSON.stringify([operation, backend ?? "", code, attribution, message.slice(0, KEY_LENGTH).replace(/\d+/g, "0")]);
		const before = this.#errors.get(key);
		this.#errors.delete(key);
		this.#errors.set(key, {
			code,
			...(reason === undefined ? {} : { reason }),
			operation,
			...(backend === undefined ? {} : { backend }),
			attribution,
			message,
			causes: causesOf(failure),
			count: (before?.count ?? 0) + 1,
			first_at_ms: before?.first_at_ms ?? endedAtMs,
			last_at_ms: endedAtMs,
			last_guest: shownGuest(guest),
			last_decision_id: decision.requestId,
		});
		const [oldest] = this.#errors.keys();
		if (this.#errors.size > MAX_KINDS && oldest !== undefined) this.#errors.delete(oldest);
	}
}
