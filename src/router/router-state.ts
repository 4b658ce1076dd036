import type { Operation } from "../../generated/ir/operations.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import { Affinity } from "./load-balancing/affinity.ts";
import type { RecoveryEpoch } from "./load-balancing/tier.ts";
import { PendingQueue } from "./resilience/pending-queue.ts";
import { RetryBudget } from "./resilience/retry-budget.ts";
import type { RouterSettings } from "./settings.ts";

/** Extra attempts that may be saved up: enough for a host that sees a request now and then. */
const RESERVE = 10;

/** What the requests of a router share from configuration to configuration: time, chance, counters, whoever waits. */
export class RouterState {
	readonly clock: Clock;
	readonly random: Random;
	/** Milliseconds since 1970. */
	readonly wallClock: () => number;
	readonly store: LimitStore;
	readonly pending: PendingQueue;
	readonly affinity = new Affinity();
	readonly recoveryEpoch: RecoveryEpoch = { value: 0 };
	#retries: RetryBudget;
	#retryRatio: number;
	/** By operation and ratio: requests of a former configuration go by theirs to their end. */
	readonly #hedges = new Map<string, RetryBudget>();
	readonly #inFlight = new Map<Operation, number>();

	constructor(parts: Pick<RouterState, "clock" | "random" | "wallClock" | "store">, settings: RouterSettings) {
		this.clock = parts.clock;
		this.random = parts.random;
		this.wallClock = parts.wallClock;
		this.store = parts.store;
		this.pending = new PendingQueue(parts.clock, settings.maxPendingRequests);
		this.#retryRatio = settings.retryRatio;
		this.#retries = new RetryBudget({ ratio: settings.retryRatio, reserve: RESERVE }, parts.clock.now());
	}

	/** The budget of repetitions at backends already tried. */
	get retries(): RetryBudget {
		return this.#retries;
	}

	/** Goes by other settings from now on. */
	updateSettings({ retryRatio, maxPendingRequests }: RouterSettings): void {
		this.pending.resize(maxPendingRequests);
		if (retryRatio === this.#retryRatio) return;
		this.#retryRatio = retryRatio;
		this.#retries = new RetryBudget({ ratio: retryRatio, reserve: RESERVE }, this.clock.now());
	}

	/** The budget of an operation's hedges. */
	hedges(operation: Operation, ratio: number): RetryBudget {
		const key = `${operation} ${ratio}`;
		const found = this.#hedges.get(key);
		if (found !== undefined) return found;
		const budget = new RetryBudget({ ratio, reserve: RESERVE }, this.clock.now());
		this.#hedges.set(key, budget);
		return budget;
	}

	/** Requests of an operation that are under way, over all instances. */
	inFlight(operation: Operation): number {
		return this.#inFlight.get(operation) ?? 0;
	}

	enter(operation: Operation): void {
		this.#inFlight.set(operation, this.inFlight(operation) + 1);
	}

	leave(operation: Operation): void {
		this.#inFlight.set(operation, this.inFlight(operation) - 1);
	}
}
