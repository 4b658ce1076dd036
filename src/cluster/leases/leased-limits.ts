import type { Charge, LimitStore, Refusal, Reservation } from "../../router/limits/limit-store.ts";
import type { Clock } from "../../time/clock.ts";
import type { LimitsRoom } from "../limits.ts";
import type { StoreConnection } from "../store-connection.ts";
import { StoreError } from "../store-error.ts";
import { ExchangeSchedule } from "./exchange-schedule.ts";
import { LeasedBucket, type Look } from "./leased-bucket.ts";
import { type PolicyChange, PolicyChanges, type UnreachablePolicies, type UnreachablePolicy } from "./unreachable-policy.ts";

/** Time between two looks at the buckets in use, in milliseconds. */
const TICK_MS = 20;

/** Number of buckets from which a new one first deletes those that hold nothing. Guests without a name are new ones each time. */
const SWEEP_AT = 10_000;

/** Most buckets. Beyond them a request with a new bucket is refused. */
const MAX_BUCKETS = 50_000;

/** Most buckets in a report. */
const MAX_REPORTED = 1_000;

/** Exchanges that one request waits for. */
const MAX_ROUNDS = 2;

export interface LeasedLimitsOptions {
	/** Name of this host. */
	readonly host: string;
	readonly room: LimitsRoom;
	readonly connection: StoreConnection;
	readonly clock: Clock;
	/** Returns the present policies. */
	readonly policies: () => UnreachablePolicies;
	/** Called when a policy begins to apply to the limits of a unit, and when all of them are exact again. */
	readonly onPolicy: (change: PolicyChange) => void;
	/** Called with a value in the store that cannot be used. */
	readonly onFault: (bucket: string, fault: StoreError) => void;
}

/** The part of one bucket that this host holds. */
export interface LeasedBucketState {
	readonly bucket: string;
	/** The guest, key or mirror that the limit is of. */
	readonly owner: string;
	readonly unit: LeasedBucket["unit"];
	readonly held: number;
	/** Amount that was granted to requests of this host, per second. */
	readonly grantedPerSecond: number;
	/** Part of all hosts' demand that is this host's, from 0 to 1. */
	readonly share: number;
	/** Hosts that use the bucket. 0 if the store has not told yet. */
	readonly hosts: number;
	/** `exact`, or the policy that applies because the store cannot be used. */
	readonly state: "exact" | UnreachablePolicy;
}

/** Numbers of decisions since the start. */
export interface LeaseCounts {
	/** Decisions that needed no call. */
	readonly immediate: number;
	/** Decisions that waited for an exchange. */
	readonly waited: number;
	/** Decisions by a policy for a store that cannot be used. */
	readonly byPolicy: number;
	readonly exchanges: number;
}

/**
 * Rates and budgets that several hosts share. Leases slices of the buckets in the background, and decides by them without a call. A request waits for an
 * exchange only if nothing is held and the last answer does not say that the bucket is empty.
 */
export class LeasedLimits implements LimitStore {
	readonly #options: LeasedLimitsOptions;
	readonly #changes: PolicyChanges;
	readonly #buckets = new Map<string, LeasedBucket>();
	readonly #schedule: ExchangeSchedule<LeasedBucket>;
	readonly #endListening: () => void;
	#sweepAt = SWEEP_AT;
	#closed = false;
	readonly #counts = { immediate: 0, waited: 0, byPolicy: 0, exchanges: 0 };

	constructor(options: LeasedLimitsOptions) {
		this.#options = options;
		this.#changes = new PolicyChanges(options.onPolicy);
		this.#schedule = new ExchangeSchedule({ clock: options.clock, tickMs: TICK_MS, exchange: (batch) => this.#exchangeBatch(batch) });
		this.#endListening = options.connection.onChange(({ reachable }) => {
			if (reachable) this.#retryAll();
		});
	}

	reserve(charges: readonly Charge[]): Reservation | Refusal | Promise<Reservation | Refusal> {
		const now = this.#options.clock.now();
		const buckets: LeasedBucket[] = [];
		for (const charge of charges) {
			const bucket = this.#bucket(charge, now);
			if (bucket === undefined) return { granted: false, bucket: charge.bucket, retryAfterMs: 1_000 };
			bucket.record(charge, now);
			buckets.push(bucket);
		}
		const result = this.#decide(charges, buckets, now);
		if (result !== undefined) {
			this.#counts.immediate += 1;
			return result;
		}
		this.#counts.waited += 1;
		return this.#ask(charges, buckets);
	}

	level(bucket: string): number | undefined {
		return this.#buckets.get(bucket)?.level(this.#options.clock.now());
	}

	get counts(): LeaseCounts {
		return { ...this.#counts };
	}

	/** Number of buckets to which a policy applies now. */
	get inexact(): number {
		return this.#changes.affected;
	}

	/** Returns what this host holds of each bucket in use: at most 1,000 of them. */
	report(): LeasedBucketState[] {
		const now = this.#options.clock.now();
		return Array.from(this.#schedule.active.values().take(MAX_REPORTED), (bucket) => ({
			bucket: bucket.name,
			owner: bucket.owner,
			unit: bucket.unit,
			held: bucket.held(now),
			grantedPerSecond: bucket.granted.perMs(now) * 1_000,
			share: bucket.share,
			hosts: bucket.hosts,
			state: bucket.policy ?? "exact",
		}));
	}

	/** Returns all slices to the store, and ends the exchanges. Further requests are refused. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		this.#endListening();
		await this.#schedule.stop();
		if (!this.#options.connection.state.reachable) return;
		for (const bucket of this.#schedule.active) {
			bucket.close();
			this.#schedule.add(bucket);
		}
		await this.#schedule.exchangeDue();
	}

	/** Draws all charges or none. `undefined`: an exchange may help. */
	#decide(charges: readonly Charge[], buckets: readonly LeasedBucket[], now: number): Reservation | Refusal | undefined {
		let asks = false;
		for (let index = 0; index < buckets.length; index++) {
			const bucket = buckets[index];
			const charge = charges[index];
			if (bucket === undefined || charge === undefined) continue;
			const look = this.#look(bucket, charge.amount, now);
			if (look === 0) continue;
			if (look !== "ask") {
				if (look.detail !== undefined) this.#counts.byPolicy += 1;
				return { granted: false, bucket: bucket.name, ...look };
			}
			asks = true;
		}
		if (this.#closed) return { granted: false, bucket: buckets[0]?.name ?? "", retryAfterMs: undefined };
		if (asks) return undefined;
		const drawn: number[] = [];
		let detail: string | undefined;
		for (let index = 0; index < buckets.length; index++) {
			const bucket = buckets[index];
			const charge = charges[index];
			if (bucket === undefined || charge === undefined) continue;
			drawn.push(bucket.draw(charge.amount, now));
			detail ??= bucket.policyDetail;
			if (bucket.isLow(now)) this.#exchangeSoon(bucket);
		}
		if (detail !== undefined) this.#counts.byPolicy += 1;
		return new LeasedReservation(buckets, drawn, this.#settle, detail);
	}

	/** Looks at a bucket, after the policy for a store that cannot be used applies if it must. */
	#look(bucket: LeasedBucket, amount: number, now: number): Look {
		const look = bucket.look(amount, now);
		if (look === 0 || bucket.policy !== undefined) return look;
		const { reachable, fault } = this.#options.connection.state;
		if (reachable) return look;
		this.#beginOutage(bucket, fault ?? "there is no connection", now);
		return bucket.look(amount, now);
	}

	async #ask(charges: readonly Charge[], buckets: readonly LeasedBucket[]): Promise<Reservation | Refusal> {
		const { clock } = this.#options;
		for (let round = 0; round < MAX_ROUNDS; round++) {
			const asked: [LeasedBucket, number][] = [];
			const now = clock.now();
			for (const [index, bucket] of buckets.entries()) {
				const { amount } = charges[index] ?? NO_CHARGE;
				if (bucket.look(amount, now) !== "ask") continue;
				asked.push([bucket, amount]);
				bucket.waiting += amount;
				bucket.waitingMost = Math.max(bucket.waitingMost, amount);
				this.#schedule.add(bucket);
			}
			await this.#schedule.exchange();
			for (const [bucket, amount] of asked) {
				bucket.waiting = Math.max(0, bucket.waiting - amount);
				if (bucket.waiting <= 0) bucket.waitingMost = 0;
			}
			const result = this.#decide(charges, buckets, clock.now());
			if (result !== undefined) return result;
		}
		const now = clock.now();
		const lacking = buckets.find((bucket, index) => bucket.look((charges[index] ?? NO_CHARGE).amount, now) === "ask") ?? buckets[0];
		return { granted: false, bucket: lacking?.name ?? "", retryAfterMs: lacking?.refusal(now).retryAfterMs ?? 1 };
	}

	readonly #settle = (buckets: readonly LeasedBucket[], drawn: readonly number[], actual: readonly (number | undefined)[]): void => {
		const now = this.#options.clock.now();
		for (const [index, bucket] of buckets.entries()) {
			const amount = actual[index];
			if (amount === undefined || !Number.isFinite(amount)) continue;
			bucket.settle(drawn[index] ?? 0, Math.max(0, amount), now);
			this.#schedule.activate(bucket);
		}
	};

	#bucket(charge: Charge, now: number): LeasedBucket | undefined {
		const existing = this.#buckets.get(charge.bucket);
		if (existing !== undefined) {
			if (!existing.isActive) this.#schedule.activate(existing);
			return existing;
		}
		if (this.#buckets.size >= this.#sweepAt) {
			for (const [name, bucket] of this.#buckets) if (bucket.isSettled(now)) this.#buckets.delete(name);
			this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
		}
		if (this.#buckets.size >= MAX_BUCKETS) return undefined;
		const created = new LeasedBucket(charge, now);
		this.#buckets.set(charge.bucket, created);
		this.#schedule.activate(created);
		return created;
	}

	#exchangeSoon(bucket: LeasedBucket): void {
		this.#schedule.add(bucket);
		void this.#schedule.exchange();
	}

	async #exchangeBatch(batch: readonly LeasedBucket[]): Promise<void> {
		const { host, room, clock, connection } = this.#options;
		const sentAt = clock.now();
		if (!connection.state.reachable) {
			for (const bucket of batch) this.#beginOutage(bucket, connection.state.fault ?? "there is no connection", sentAt);
			return;
		}
		const requests = batch.map((bucket) => bucket.begin(sentAt));
		this.#counts.exchanges += 1;
		let answers: Awaited<ReturnType<LimitsRoom["exchange"]>> | StoreError;
		try {
			answers = await room.exchange(host, requests);
		} catch (thrown) {
			answers =
				thrown instanceof StoreError ? thrown : new StoreError("invalid_value", String(thrown), { cause: thrown, mayHaveRun: true });
		}
		const now = clock.now();
		for (const [index, bucket] of batch.entries()) {
			const request = requests[index];
			const answer = answers instanceof StoreError ? answers : answers[index];
			if (request === undefined || answer === undefined) continue;
			if (answer instanceof StoreError) this.#failed(bucket, request, answer, now);
			else {
				bucket.end(request, answer, sentAt, now);
				if (bucket.endOutage(now)) this.#changes.end(bucket.unit, bucket.hosts);
			}
		}
	}

	#failed(bucket: LeasedBucket, request: Parameters<LeasedBucket["fail"]>[0], failure: StoreError, now: number): void {
		bucket.fail(request, failure.mayHaveRun);
		if (failure.reason === "invalid_value" && bucket.policy === undefined) this.#options.onFault(bucket.name, failure);
		this.#beginOutage(bucket, failure.message, now);
	}

	#beginOutage(bucket: LeasedBucket, fault: string, now: number): void {
		const policy = this.#options.policies()[bucket.unit];
		const isAssumed = bucket.hosts === 0;
		if (!bucket.beginOutage(policy, fault, now)) return;
		this.#schedule.activate(bucket);
		this.#changes.begin({ unit: bucket.unit, policy, hosts: Math.max(1, bucket.hosts), isAssumed, fault });
	}

	#retryAll(): void {
		for (const bucket of this.#schedule.active) {
			if (bucket.policy === undefined) continue;
			bucket.retryNow();
			this.#exchangeSoon(bucket);
		}
	}
}

const NO_CHARGE = { amount: 0 } as const;

/** Amounts that were drawn from slices. */
class LeasedReservation implements Reservation {
	readonly granted = true;
	/** Present if a policy for a store that cannot be used has granted the amounts. */
	readonly detail: string | undefined;
	readonly #buckets: readonly LeasedBucket[];
	readonly #drawn: readonly number[];
	#settle: ((buckets: readonly LeasedBucket[], drawn: readonly number[], actual: readonly (number | undefined)[]) => void) | undefined;

	constructor(
		buckets: readonly LeasedBucket[],
		drawn: readonly number[],
		settle: (buckets: readonly LeasedBucket[], drawn: readonly number[], actual: readonly (number | undefined)[]) => void,
		detail: string | undefined,
	) {
		this.#buckets = buckets;
		this.#drawn = drawn;
		this.#settle = settle;
		this.detail = detail;
	}

	settle(actual: readonly (number | undefined)[]): void {
		this.#settle?.(this.#buckets, this.#drawn, actual);
		this.#settle = undefined;
	}
}
