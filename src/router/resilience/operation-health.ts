import type { Operation } from "../../../generated/ir/operations.ts";
import type { Random } from "../../time/random.ts";
import { type BreakerSettings, CircuitBreaker } from "./circuit-breaker.ts";
import { Ejection } from "./ejection.ts";
import { Evidence } from "./guests/evidence.ts";
import { GuestMap } from "./guests/guest-map.ts";
import type { Witness } from "./guests/witness.ts";
import type { Suspicion } from "./peers/suspicion.ts";

/** The passage of one request through the breakers of an instance. Holds the trials that the request is. */
export interface Passage {
	readonly breaker: CircuitBreaker;
	trial: boolean;
	/** Breaker of the request's guest alone. `undefined` for a guest without one. */
	readonly own: CircuitBreaker | undefined;
	ownTrial: boolean;
	/** Suspicion under which the request began. `undefined` or absent for none. */
	suspicion?: Suspicion | undefined;
}

/** Health that holds for one guest only. */
interface OwnHealth {
	readonly breaker: CircuitBreaker;
	readonly ejection: Ejection;
}

/**
 * Health of one instance for one operation: breaker and ejection. What the requests of one guest alone have shown holds for that guest
 * only. What several guests have shown, or what no request can cause, holds for all.
 *
 * @see ../README.md for the way of a failure
 */
export class OperationHealth {
	readonly operation: Operation;
	#settings: BreakerSettings;
	readonly #random: Random;
	#breaker: CircuitBreaker;
	/** Failures in a row; `undefined` for none. */
	#evidence: Evidence | undefined;
	/** `undefined` before the first ejection. */
	#ejection: Ejection | undefined;
	/** The guest that the ejection is based on; `undefined` for several. */
	#ejectedFor: string | undefined;
	/** Created for the first guest that needs it: picks look at thousands of instances, most of which have none. */
	#own: GuestMap<OwnHealth> | undefined;
	/** The guest whose trial of the breaker has failed last. */
	#failedTrialOf: string | undefined;
	/** `undefined` unless another host has reported failures. */
	#suspicion: Suspicion | undefined;
	/** The reports that have opened the breaker, until a trial shows whether they were right. */
	#openedBy: Suspicion | undefined;
	#slowStartSince = Number.NEGATIVE_INFINITY;
	/** The passage of requests that are no trial. Shared by them, as most requests are. */
	#plainPassage: Passage | undefined;

	constructor(operation: Operation, settings: BreakerSettings, random: Random) {
		this.operation = operation;
		this.#settings = settings;
		this.#random = random;
		this.#breaker = new CircuitBreaker(settings, random);
	}

	/** Replaces the settings. All state stays. */
	updateSettings(settings: BreakerSettings): void {
		this.#settings = settings;
		this.#breaker.updateSettings(settings);
		for (const { breaker } of this.#own?.values() ?? []) breaker.updateSettings(settings);
	}

	/** The breaker for the requests of all guests. */
	get breaker(): CircuitBreaker {
		return this.#breaker;
	}

	/** Failures in a row that open the breaker. */
	get threshold(): number {
		return this.#settings.consecutiveFailures;
	}

	/** Guests whose requests had the failures in a row. */
	get evidenceBasis(): Evidence["basis"] {
		return this.#evidence?.basis ?? "none";
	}

	/** The reports of other hosts that have opened the breaker; `undefined` for none. */
	get openedBy(): Suspicion | undefined {
		return this.#openedBy;
	}

	/** True if other hosts raised a suspicion a short while ago. */
	get maybeSuspected(): boolean {
		return this.#suspicion !== undefined;
	}

	/** Returns the suspicion that other hosts have raised; `undefined` for none. */
	suspicionAt(now: number): Suspicion | undefined {
		if (this.#suspicion?.isActive(now) === false) this.#suspicion = undefined;
		return this.#suspicion;
	}

	/** Returns the time from which a suspected instance may be tried: 0 for now, and without a suspicion. */
	suspectedUntil(now: number): number {
		return this.#suspicion === undefined ? 0 : (this.suspicionAt(now)?.blockedUntil(now) ?? 0);
	}

	/** Begins a suspicion, or ends it with `undefined`. */
	suspect(suspicion: Suspicion | undefined): void {
		if (this.#suspicion !== suspicion) this.#suspicion?.end();
		this.#suspicion = suspicion;
	}

	/** Opens the breaker by the evidence of several hosts, of which this one may be one. */
	openByPeers(reports: Suspicion, now: number): void {
		this.suspect(undefined);
		const { guest } = reports;
		if (guest !== undefined && this.#breaker.failures === 0) {
			// Left to the guest when it is not alone any more.
			this.#evidence ??= new Evidence();
			this.#evidence.add(guest);
			this.#breaker.fail(false, now, false);
		}
		this.#openedBy = reports;
		this.#breaker.openByReports(now);
	}

	/** Returns the breaker for the requests of one guest only; `undefined` for none. */
	ownBreaker(guest: string): CircuitBreaker | undefined {
		return this.#own?.get(guest)?.breaker;
	}

	/**
	 * Records the start of a request. A guest that is not alone waits for an open period after the start of a trial, unless the trial
	 * succeeds. Otherwise its slow or cancelled trials, one after the other, would take the place of all others.
	 */
	begin({ guest, alone }: Witness, now: number): Passage {
		const own = this.#own?.get(guest)?.breaker;
		const trial = this.#breaker.begin(now);
		const suspicion = this.#suspicion === undefined ? undefined : this.suspicionAt(now);
		if (!trial && own === undefined && suspicion === undefined) return this.#plain;
		const passage = { breaker: this.#breaker, trial, own, ownTrial: own?.begin(now) ?? false, suspicion };
		suspicion?.begin(now);
		if (trial && !alone) this.#ownHealth(guest).breaker.open(now);
		return passage;
	}

	/** Records a success. Returns true if it closed the breaker for all guests. */
	succeed(passage: Passage, guest: string, now: number): boolean {
		const recovered = passage.breaker.succeed(passage.trial);
		passage.suspicion?.succeed();
		if (recovered) this.#settleReports(true);
		// Its trial was the reason.
		if (passage.trial) this.#own?.delete(guest);
		if (passage.breaker === this.#breaker) this.#evidence = undefined;
		this.#succeedOwn(passage, guest, now);
		return recovered;
	}

	/**
	 * Records a failure that counts against the instance. Returns true if it opened a breaker.
	 *
	 * @param noRequestCanCause True for a failure that counts for all guests, because no request can cause it. The default is false.
	 */
	fail(passage: Passage, { guest, alone }: Witness, now: number, noRequestCanCause = false): boolean {
		const { breaker, trial } = passage;
		passage.suspicion?.endTrial();
		if (trial) this.#settleReports(false);
		// A breaker that was left to one guest since the start of the request.
		if (breaker !== this.#breaker) return breaker.fail(trial, now);
		this.#evidence ??= new Evidence();
		this.#evidence.add(noRequestCanCause ? undefined : guest);
		if (alone) {
			passage.own?.fail(passage.ownTrial, now);
			return breaker.fail(trial, now);
		}
		const opened = breaker.fail(trial, now, this.#isCorroborated(trial, guest, noRequestCanCause));
		if (noRequestCanCause) {
			passage.own?.abstain(passage.ownTrial);
			return opened;
		}
		const own = this.#ownHealth(guest).breaker;
		// The breaker of the guest has been open since the start of the trial.
		return trial || own.fail(own === passage.own && passage.ownTrial, now) || opened;
	}

	/**
	 * Records the end of a request that says nothing about the instance. A trial of it counts as the guest's turn.
	 *
	 * @param unsentBy The guest of a request that was not sent, which may try again at once. Absent for a request that was sent.
	 */
	abstain({ breaker, trial, own, ownTrial, suspicion }: Passage, unsentBy?: string): void {
		breaker.abstain(trial);
		suspicion?.endTrial();
		own?.abstain(ownTrial);
		if (trial && own === undefined && unsentBy !== undefined) this.#own?.delete(unsentBy);
	}

	/** Returns the time from which the instance is available to a guest, as far as that guest alone is concerned: 0 for now. */
	ownUnavailableUntil(guest: string, now: number): number {
		const own = this.#own?.get(guest);
		if (own === undefined) return 0;
		return Math.max(own.breaker.permits(now) ? 0 : own.breaker.openUntil, own.ejection.activeUntil(now));
	}

	/** Returns the time from which a guest may try the instance as its last resort, as far as that guest alone is concerned: 0 for now. */
	ownLastResortAt(guest: string, now: number): number {
		const own = this.#own?.get(guest);
		return own === undefined || own.breaker.permitsLastResort(now) ? 0 : own.breaker.lastResortAt;
	}

	/** Returns the end of the current ejection; 0 if the instance is not ejected for all guests. */
	ejectedUntil(now: number): number {
		return this.#ejection?.activeUntil(now) ?? 0;
	}

	/**
	 * Ejects the instance for `ms`, times the number of ejections in a row. The slow start begins when the ejection ends.
	 *
	 * @param basis The guest that the ejection is based on. Absent for several.
	 */
	eject(now: number, ms: number, basis?: Witness): void {
		if (basis !== undefined && !basis.alone) {
			this.#ownHealth(basis.guest).ejection.extend(now, ms);
			return;
		}
		this.#ejection ??= new Ejection();
		this.#slowStartSince = this.#ejection.extend(now, ms);
		this.#ejectedFor = basis?.guest;
	}

	/** Begins the slow start at `at`, which may be in the future. */
	startSlowly(at: number): void {
		this.#slowStartSince = at;
	}

	/** Start of the last slow start. */
	get slowStartSince(): number {
		return this.#slowStartSince;
	}

	/** Leaves to a guest what its requests alone have shown. Called when the guest is not alone any more. */
	separate(): void {
		if (this.#suspicion?.guest !== undefined) this.suspect(undefined);
		const guest = this.#evidence?.mainGuest ?? this.#ejectedFor;
		if (guest === undefined) return;
		const left = this.#createOwn();
		let separated = false;
		let { breaker } = left;
		if (this.#breaker.failures > 0 && this.#evidence?.suffices(this.#settings.consecutiveFailures) !== true) {
			breaker = this.#breaker;
			this.#breaker = new CircuitBreaker(this.#settings, this.#random);
			this.#evidence = undefined;
			separated = true;
		}
		let { ejection } = left;
		if (this.#ejectedFor === guest && this.#ejection !== undefined) {
			ejection = this.#ejection;
			this.#ejection = undefined;
			this.#ejectedFor = undefined;
			separated = true;
		}
		if (!separated) return;
		this.#own ??= new GuestMap();
		this.#own.set(guest, { breaker, ejection });
	}

	/** Returns true if a failure may open the breaker for all guests. */
	#isCorroborated(trial: boolean, guest: string, noRequestCanCause: boolean): boolean {
		if (!trial) return this.#evidence?.suffices(this.#settings.consecutiveFailures) === true;
		const other = this.#failedTrialOf !== undefined && this.#failedTrialOf !== guest;
		this.#failedTrialOf = other || noRequestCanCause ? undefined : guest;
		return other || noRequestCanCause;
	}

	/** Ends the reports that have opened the breaker. A success of the first trial shows that they were wrong. */
	#settleReports(succeeded: boolean): void {
		if (succeeded) this.#openedBy?.succeed();
		else this.#openedBy?.end();
		this.#openedBy = undefined;
	}

	get #plain(): Passage {
		if (this.#plainPassage?.breaker !== this.#breaker) {
			this.#plainPassage = { breaker: this.#breaker, trial: false, own: undefined, ownTrial: false, suspicion: undefined };
		}
		return this.#plainPassage;
	}

	#ownHealth(guest: string): OwnHealth {
		this.#own ??= new GuestMap();
		return this.#own.touch(guest, () => this.#createOwn());
	}

	#createOwn(): OwnHealth {
		return { breaker: new CircuitBreaker(this.#settings, this.#random), ejection: new Ejection() };
	}

	/** Deletes the state of a guest for whom the instance is as healthy as for all then. */
	#succeedOwn(passage: Passage, guest: string, now: number): void {
		const own = this.#own?.get(guest);
		if (own === undefined) return;
		own.breaker.succeed(own.breaker === passage.own && passage.ownTrial);
		if (own.breaker.state(now) === "closed" && own.ejection.activeUntil(now) === 0) this.#own?.delete(guest);
	}
}
