import type { PlaceStore, Places } from "../../router/limits/places.ts";
import type { PlacesAnswer } from "../limits.ts";
import { StoreError } from "../store-error.ts";
import { ExchangeSchedule } from "./exchange-schedule.ts";
import type { LeasedLimitsOptions } from "./leased-limits.ts";
import { LeasedPlace, type PlaceContext } from "./leased-place.ts";
import { PolicyChanges, type UnreachablePolicy } from "./unreachable-policy.ts";

/** Time between two looks at the limits in use, in milliseconds. */
const TICK_MS = 25;

/** Number of limits from which a new one first deletes those that hold nothing. Guests without a name are new ones each time. */
const SWEEP_AT = 10_000;

/** Most limits in a report. */
const MAX_REPORTED = 1_000;

/** The part of one limit of concurrency that this host holds. */
export interface LeasedPlaceState {
	/** E.g. `instance:main`, `instance:main/embeddings`, `guest:shop` or `operation:embeddings`. */
	readonly name: string;
	readonly limit: number;
	readonly held: number;
	readonly used: number;
	/** Hosts that hold places or wait for them. 0 if the store has not told yet. */
	readonly hosts: number;
	/** `exact`, or the policy that applies because the store cannot be used. */
	readonly state: "exact" | UnreachablePolicy;
}

/**
 * Places of limits of concurrency that several hosts share. Decisions use the places that this host holds, without a call. More are asked for in the
 * background, and places that are not used go back.
 */
export class LeasedPlaces implements PlaceStore, PlaceContext {
	readonly #options: LeasedLimitsOptions;
	readonly #changes: PolicyChanges;
	readonly #all = new Map<string, LeasedPlace>();
	readonly #schedule: ExchangeSchedule<LeasedPlace>;
	readonly #ends: readonly (() => void)[];
	#sweepAt = SWEEP_AT;
	#closed = false;

	constructor(options: LeasedLimitsOptions) {
		this.#options = options;
		this.#changes = new PolicyChanges(options.onPolicy);
		this.#schedule = new ExchangeSchedule({ clock: options.clock, tickMs: TICK_MS, exchange: (batch) => this.#exchangeBatch(batch) });
		this.#ends = [
			options.room.onPlaces((name) => this.#hear(name)),
			options.connection.onChange(({ reachable }) => {
				if (reachable) this.#retryAll();
			}),
		];
	}

	places(name: string, owner: string, limit: number, used: () => number, onFree = (): void => {}): Places {
		const existing = this.#all.get(name);
		if (existing !== undefined) {
			existing.limit = limit;
			existing.used = used;
			existing.onFree = onFree;
			return existing;
		}
		if (this.#all.size >= this.#sweepAt) {
			const now = this.now();
			for (const place of this.#all.values()) if (place.isSettled(now) && place.name.startsWith("guest:")) this.#all.delete(place.name);
			this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#all.size);
		}
		const created = new LeasedPlace(name, owner, limit, used, onFree, this);
		this.#all.set(name, created);
		return created;
	}

	now(): number {
		return this.#options.clock.now();
	}

	exchangeSoon(place: LeasedPlace): void {
		void this.exchange(place);
	}

	exchange(place: LeasedPlace): Promise<void> {
		this.#schedule.activate(place);
		this.#schedule.add(place);
		return this.#schedule.exchange();
	}

	/** Number of limits to which a policy applies now. */
	get inexact(): number {
		return this.#changes.affected;
	}

	/** Returns what this host holds of each limit in use: at most 1,000 of them. */
	report(): LeasedPlaceState[] {
		const now = this.now();
		return Array.from(this.#schedule.active.values().take(MAX_REPORTED), (place) => ({
			name: place.name,
			limit: place.limit,
			held: place.held(now),
			used: place.used(),
			hosts: place.hosts,
			state: place.policy ?? "exact",
		}));
	}

	/** Returns all places to the store, and ends the exchanges. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		for (const end of this.#ends) end();
		await this.#schedule.stop();
		const { connection, room, host } = this.#options;
		if (!connection.state.reachable) return;
		const requests = Array.from(this.#schedule.active, ({ name, owner, limit }) => ({ name, owner, limit, target: 0, isWaiting: false }));
		await room.exchangePlaces(host, requests).catch(() => {}); // They expire otherwise.
	}

	#hear(name: string): void {
		const place = this.#all.get(name);
		if (place === undefined || !place.isActive) return;
		place.hear();
		this.exchangeSoon(place);
	}

	#retryAll(): void {
		for (const place of this.#schedule.active) {
			if (place.policy === undefined) continue;
			place.retryNow();
			this.exchangeSoon(place);
		}
	}

	async #exchangeBatch(batch: readonly LeasedPlace[]): Promise<void> {
		const { host, room, connection } = this.#options;
		const sentAt = this.now();
		if (!connection.state.reachable) {
			for (const place of batch) this.#beginOutage(place, connection.state.fault ?? "there is no connection", sentAt);
			return;
		}
		const requests = batch.map((place) => place.begin(sentAt));
		let answers: readonly (PlacesAnswer | StoreError)[] | StoreError;
		try {
			answers = await room.exchangePlaces(host, requests);
		} catch (thrown) {
			answers = thrown instanceof StoreError ? thrown : new StoreError("invalid_value", String(thrown), { cause: thrown });
		}
		const now = this.now();
		for (const [index, place] of batch.entries()) {
			const request = requests[index];
			const answer = answers instanceof StoreError ? answers : answers[index];
			if (request === undefined || answer === undefined) continue;
			if (answer instanceof StoreError) {
				if (answer.reason === "invalid_value" && place.policy === undefined) this.#options.onFault(place.name, answer);
				this.#beginOutage(place, answer.message, now);
				continue;
			}
			const isFree = place.end(request, answer, sentAt, now);
			if (place.endOutage()) this.#changes.end("concurrency", place.hosts);
			if (isFree) place.onFree();
		}
	}

	#beginOutage(place: LeasedPlace, fault: string, now: number): void {
		const policy = this.#options.policies().concurrency;
		const isAssumed = place.hosts === 0;
		if (!place.beginOutage(policy, fault, now)) return;
		this.#schedule.activate(place);
		this.#changes.begin({ unit: "concurrency", policy, hosts: Math.max(1, place.hosts), isAssumed, fault });
		if (place.allowed > place.used()) place.onFree();
	}
}
