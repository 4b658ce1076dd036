/** Time after which a trial without an end holds off no other one, in milliseconds. A guest may be slow on purpose. */
const HANGING_MS = 5_000;

/** The party that is notified of the end of a suspicion. */
export interface SuspicionOwner {
	/** Called once: a request that began under the suspicion has succeeded. */
	onRefuted(suspicion: Suspicion): void;
}

export interface SuspicionParts {
	/** Time of the first trial. */
	readonly trialAt: number;
	readonly until: number;
	/** Hosts whose hints are the reason. */
	readonly hosts: readonly string[];
	/** Contents of the reports, e.g. `host b reports an open breaker`. */
	readonly reason: string;
	/** The only guest of this host, if its requests at other hosts are the only evidence. */
	readonly guest: string | undefined;
	readonly owner: SuspicionOwner;
}

/**
 * Doubt about an instance or a key that hints of another host have raised. While it lasts, single requests try it, one after another, and the others prefer
 * other candidates. A success ends it.
 */
export class Suspicion {
	readonly trialAt: number;
	readonly guest: string | undefined;
	readonly #owner: SuspicionOwner;
	#until: number;
	#hosts: readonly string[];
	#reason: string;
	/** Start of the trial in flight; `undefined` for none. */
	#trialSince: number | undefined;
	#isOver = false;

	constructor({ trialAt, until, hosts, reason, guest, owner }: SuspicionParts) {
		this.trialAt = trialAt;
		this.guest = guest;
		this.#owner = owner;
		this.#until = until;
		this.#hosts = hosts;
		this.#reason = reason;
	}

	get until(): number {
		return this.#until;
	}

	get hosts(): readonly string[] {
		return this.#hosts;
	}

	get reason(): string {
		return this.#reason;
	}

	/** Replaces the evidence. The time of the first trial stays. */
	update({ until, hosts, reason }: Pick<SuspicionParts, "until" | "hosts" | "reason">): void {
		this.#until = until;
		this.#hosts = hosts;
		this.#reason = reason;
	}

	/** Returns true while it lasts. */
	isActive(now: number): boolean {
		return !this.#isOver && now < this.#until;
	}

	/** Returns the time from which a request may be a trial: 0 for now. Only for a suspicion that lasts. */
	blockedUntil(now: number): number {
		if (now < this.trialAt) return Math.min(this.trialAt, this.#until);
		const since = this.#trialSince;
		return since !== undefined && now - since < HANGING_MS ? Math.min(since + HANGING_MS, this.#until) : 0;
	}

	/** Records the start of a request. */
	begin(now: number): void {
		this.#trialSince = now;
	}

	/** Records the end of a request that began under the suspicion, unless it has succeeded. */
	endTrial(): void {
		this.#trialSince = undefined;
	}

	/** Records a success of a request that began under the suspicion: the hosts were wrong. */
	succeed(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#owner.onRefuted(this);
	}

	/** Removes a host that has taken its hint back. */
	withdraw(host: string): void {
		this.#hosts = this.#hosts.filter((each) => each !== host);
	}

	/** Ends it. The hosts were neither right nor wrong. */
	end(): void {
		this.#isOver = true;
	}
}
