import type { Operation } from "../../generated/ir/operations.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import { DecisionLog } from "./decision/decision-log.ts";
import { DecisionObservers } from "./decision/decision-observers.ts";
import { GuestPlaces } from "./limits/guest-places.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import type { PlaceStore, Places } from "./limits/places.ts";
import { Affinity } from "./load-balancing/affinity.ts";
import type { RecoveryEpoch } from "./load-balancing/tier.ts";
import { ActiveGuests } from "./resilience/guests/active-guests.ts";
import type { Peers } from "./resilience/peers/peers.ts";
import { PendingQueue } from "./resilience/pending-queue.ts";
import { RetryBudget } from "./resilience/retry-budget.ts";
import type { RouterSettings } from "./settings.ts";

/** Extra attempts that a budget can save up. Without any, a host with a request every few minutes could never retry. */
const RESERVE = 10;

/** The state of a router that survives a reload: time, randomness, counters, the pending requests and the decision log. */
export class RouterState {
	readonly clock: Clock;
	readonly random: Random;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
	readonly store: LimitStore;
	/** Places that several hosts share. `undefined` for a host alone. */
	readonly places: PlaceStore | undefined;
	readonly pending: PendingQueue;
	readonly guests = new ActiveGuests();
	/** Places of guests under the concurrency limits of operations. */
	readonly guestPlaces = new GuestPlaces<Operation>();
	readonly affinity = new Affinity();
	readonly recoveryEpoch: RecoveryEpoch = { value: 0 };
	readonly decisionLog: DecisionLog;
	readonly observers = new DecisionObservers();
	/** The exchange with other hosts. `undefined` for a host alone. */
	peers: Peers | undefined;
	/** Requests that have ended, and those that failed without being cancelled. */
	readonly ended = { requests: 0, errors: 0 };
	#retryBudget: RetryBudget;
	#retryRatio: number;
	/** By operation and ratio. Requests of an earlier configuration use the budget of its ratio. */
	readonly #hedgeBudgets = new Map<string, RetryBudget>();
	readonly #inFlight = new Map<Operation, number>();

	constructor(
		parts: Pick<RouterState, "clock" | "random" | "wallClock" | "store"> & { readonly places?: PlaceStore | undefined },
		settings: RouterSettings,
	) {
		this.clock = parts.clock;
		this.random = parts.random;
		this.wallClock = parts.wallClock;
		this.store = parts.store;
		this.places = parts.places;
		this.pending = new PendingQueue(parts.clock, settings.maxPendingRequests);
		this.decisionLog = new DecisionLog(settings.decisionLog.capacity);
		this.#retryRatio = settings.retryRatio;
		this.#retryBudget = this.#createBudget(settings.retryRatio);
	}

	/** The budget of retries at instances that were tried already. */
	get retryBudget(): RetryBudget {
		return this.#retryBudget;
	}

	/** Replaces the settings. A budget whose ratio has not changed keeps its level. */
	updateSettings({ retryRatio, maxPendingRequests, decisionLog }: RouterSettings): void {
		this.pending.resize(maxPendingRequests);
		this.decisionLog.resize(decisionLog.capacity);
		if (retryRatio === this.#retryRatio) return;
		this.#retryRatio = retryRatio;
		this.#retryBudget = this.#createBudget(retryRatio);
	}

	/** Returns the budget of hedges of an operation. */
	hedgeBudget(operation: Operation, ratio: number): RetryBudget {
		const key = `${operation} ${ratio}`;
		const existing = this.#hedgeBudgets.get(key);
		if (existing !== undefined) return existing;
		const created = this.#createBudget(ratio);
		this.#hedgeBudgets.set(key, created);
		return created;
	}

	/** Returns the number of requests of an operation in flight, over all instances. Requests that wait count too. */
	inFlight(operation: Operation): number {
		return this.#inFlight.get(operation) ?? 0;
	}

	/** Numbers of requests in flight, by operation. */
	get inFlightByOperation(): ReadonlyMap<Operation, number> {
		return this.#inFlight;
	}

	/** Returns the places of an operation that several hosts share; `undefined` for a host alone. */
	placesOf(operation: Operation, limit: number): Places | undefined {
		const name = `operation:${operation}`;
		return this.places?.places(name, name, limit, () => this.inFlight(operation));
	}

	addInFlight(operation: Operation): void {
		this.#inFlight.set(operation, this.inFlight(operation) + 1);
	}

	removeInFlight(operation: Operation): void {
		this.#inFlight.set(operation, this.inFlight(operation) - 1);
	}

	/** Offers a recovered instance to all pending requests: it may have room for each. The epoch comes first: tiers must see the recovery. */
	notifyRecovery(): void {
		this.recoveryEpoch.value += 1;
		while (this.pending.notify());
	}

	#createBudget(ratio: number): RetryBudget {
		return new RetryBudget({ ratio, reserve: RESERVE }, this.clock.now());
	}
}
