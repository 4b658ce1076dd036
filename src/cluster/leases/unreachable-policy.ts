/** The content of a limit. */
export type LimitUnit = "requests" | "tokens" | "money" | "concurrency";

/**
 * Treatment of a limit while the shared store cannot be used.
 *
 * | policy | meaning |
 * | --- | --- |
 * | `local_share` | this host keeps to the limit divided by the number of hosts that were known last |
 * | `allow` | every request is allowed |
 * | `refuse` | every request is refused |
 */
export type UnreachablePolicy = "local_share" | "allow" | "refuse";

export type UnreachablePolicies = { readonly [U in LimitUnit]: UnreachablePolicy };

/** A change of the treatment of all limits of one unit. */
export interface PolicyChange {
	readonly unit: LimitUnit;
	/** The policy that applies from now on. `undefined`: the limits are exact again. */
	readonly policy: UnreachablePolicy | undefined;
	/** Number of hosts that a local share assumes. */
	readonly hosts: number;
	/** True if the store has never told the number of hosts, so that one is assumed. */
	readonly isAssumed: boolean;
	/** Reason of the store. Absent when limits are exact again. */
	readonly fault?: string;
}

/** Counts the limits of each unit to which a policy applies, and reports the first and the end of the last. */
export class PolicyChanges {
	readonly #report: (change: PolicyChange) => void;
	readonly #affected = new Map<LimitUnit, number>();

	constructor(report: (change: PolicyChange) => void) {
		this.#report = report;
	}

	/** Number of limits to which a policy applies now. */
	get affected(): number {
		return this.#affected.values().reduce((sum, count) => sum + count, 0);
	}

	/** Counts a limit to which a policy applies from now on. */
	begin(change: PolicyChange): void {
		const count = this.#affected.get(change.unit) ?? 0;
		this.#affected.set(change.unit, count + 1);
		if (count === 0) this.#report(change);
	}

	/** Counts a limit that is exact again. */
	end(unit: LimitUnit, hosts: number): void {
		const count = Math.max(0, (this.#affected.get(unit) ?? 0) - 1);
		this.#affected.set(unit, count);
		if (count === 0) this.#report({ unit, policy: undefined, hosts, isAssumed: false });
	}
}
