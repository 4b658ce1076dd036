import type { NamedAmount } from "../../cluster/host-card.ts";
import { type LeaseCounts, type LeasedBucketState, LeasedLimits } from "../../cluster/leases/leased-limits.ts";
import { type LeasedPlaceState, LeasedPlaces } from "../../cluster/leases/leased-places.ts";
import type { PolicyChange, UnreachablePolicies } from "../../cluster/leases/unreachable-policy.ts";
import type { SharedStore } from "../../cluster/shared-store.ts";
import type { StoreError } from "../../cluster/store-error.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { systemClock } from "../../time/clock.ts";
import { Throttle } from "../../time/throttle.ts";

/** Shortest time between two log lines about values in the store that cannot be used, in milliseconds. */
const FAULT_INTERVAL_MS = 10_000;

/** The parts that this host holds of the limits that hosts share. */
export interface LeaseReport {
	/** Rates and budgets: at most 1,000. */
	readonly buckets: readonly LeasedBucketState[];
	/** Limits of concurrency: at most 1,000. */
	readonly places: readonly LeasedPlaceState[];
	readonly counts: LeaseCounts;
}

export interface HostLeasesOptions {
	/** Name of this host. */
	readonly host: string;
	readonly store: SharedStore;
	readonly policies: UnreachablePolicies;
	readonly logger: Logger;
}

/** The limits that this host shares with others, and the log of what happens while the store cannot be used. */
export class HostLeases {
	readonly limits: LeasedLimits;
	readonly places: LeasedPlaces;
	readonly #logger: Logger;
	readonly #faults = new Throttle(systemClock, FAULT_INTERVAL_MS);
	#policies: UnreachablePolicies;

	constructor({ host, store, policies, logger }: HostLeasesOptions) {
		this.#policies = policies;
		this.#logger = logger;
		const options = {
			host,
			room: store.limits,
			connection: store.connection,
			clock: systemClock,
			policies: () => this.#policies,
			onPolicy: (change: PolicyChange) => this.#logPolicy(change),
			onFault: (bucket: string, fault: StoreError) => this.#logFault(bucket, fault),
		};
		this.limits = new LeasedLimits(options);
		this.places = new LeasedPlaces(options);
	}

	/** Replaces the policies. New ones apply to the next outage of each limit. */
	configure(policies: UnreachablePolicies): void {
		this.#policies = policies;
	}

	report(): LeaseReport {
		return { buckets: this.limits.report(), places: this.places.report(), counts: this.limits.counts };
	}

	/** Returns the amounts and places that are held, by the name of the limit: the largest first, without limits of which nothing is held. */
	held(): readonly NamedAmount[] {
		const buckets = this.limits.report().map(({ bucket, held }) => ({ name: bucket, amount: held }));
		const places = this.places.report().map(({ name, held }) => ({ name, amount: held }));
		return [...buckets, ...places].filter(({ amount }) => amount > 0).sort((a, b) => b.amount - a.amount);
	}

	counts(): LeaseCounts {
		return this.limits.counts;
	}

	/** Number of limits to which a policy applies now. */
	get inexact(): number {
		return this.limits.inexact + this.places.inexact;
	}

	/** Returns everything that is held to the store. */
	async close(): Promise<void> {
		await Promise.all([this.limits.close(), this.places.close()]);
	}

	#logPolicy({ unit, policy, hosts, isAssumed, fault }: PolicyChange): void {
		if (policy === undefined) {
			this.#logger.info({ unit }, `limits of ${unit} are exact over all hosts again`);
			return;
		}
		const parts = isAssumed ? "the whole limit, because it does not know of other hosts" : `one of ${hosts} parts of the limit`;
		const treated = { local_share: `this host uses ${parts}`, allow: "requests are allowed", refuse: "requests are refused" }[policy];
		this.#logger.warn({ unit, policy, hosts, fault }, `limits of ${unit} are not exact while the shared store cannot be used: ${treated}`);
	}

	#logFault(bucket: string, fault: StoreError): void {
		const count = this.#faults.pass();
		if (count !== undefined) this.#logger.error({ bucket, count }, `a limit in the shared store cannot be used: ${fault.message}`);
	}
}
