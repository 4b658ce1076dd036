import type { Operation } from "../../../generated/ir/operations.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { RouteExplanation } from "./explanation.ts";
import type { RouteDecision } from "./route-decision.ts";

/** A final decision with the circumstances of its request. */
export interface ObservedDecision {
	readonly decision: RouteDecision;
	readonly operation: Operation;
	readonly guest: GuestIdentity;
	/** Time at which the request reached the router, in milliseconds since 1970. */
	readonly startedAtMs: number;
	/** Time at which the decision became final, in milliseconds since 1970. */
	readonly endedAtMs: number;
	/** The explanation. Unless `isEvaluated`, its lists of instances hold the chosen ones only. */
	readonly explanation: RouteExplanation;
	/** True if the explanation lists all instances. False for most decisions of a host with many. */
	readonly isEvaluated: boolean;
}

/** Receives the final decisions on all requests. Must not throw. */
export type DecisionListener = (observed: ObservedDecision) => void;

/**
 * Number of instances up to which every observed decision lists all of them. With more, only those of the decision log do. Otherwise each request
 * would cost time and memory in proportion to the number of instances.
 */
const MAX_EVALUATED = 64;

/** The listeners of all decisions of a router. */
export class DecisionObservers {
	readonly #listeners = new Set<DecisionListener>();

	/** True if there are listeners. */
	get present(): boolean {
		return this.#listeners.size > 0;
	}

	/** Returns true if a decision among that many instances is to list all of them. */
	evaluates(instances: number): boolean {
		return this.#listeners.size > 0 && instances <= MAX_EVALUATED;
	}

	/** Adds a listener. Returns the function that removes it. */
	add(listener: DecisionListener): () => void {
		const own: DecisionListener = (observed) => listener(observed);
		this.#listeners.add(own);
		return () => {
			this.#listeners.delete(own);
		};
	}

	notify(observed: ObservedDecision): void {
		for (const listener of this.#listeners) listener(observed);
	}
}
