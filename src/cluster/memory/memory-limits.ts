import {
	type LimitsRoom,
	PLACES_CLAIM_MS,
	PLACES_MS,
	type PlacesAnswer,
	type PlacesRequest,
	type SliceAnswer,
	type SliceRequest,
} from "../limits.ts";
import { exchangeSlice, fullBucket, type StoredBucket } from "./slice-exchange.ts";

/** Number of buckets or limits from which a new one first deletes those that are no longer needed. */
const SWEEP_AT = 10_000;

interface StoredPlaces {
	/** Places and their expiry, by host. */
	readonly held: Map<string, { count: number; until: number }>;
	claim: { host: string; amount: number; until: number };
}

/** Limits of hosts in this process. */
export class MemoryLimits implements LimitsRoom {
	readonly #now: () => number;
	readonly #buckets = new Map<string, StoredBucket>();
	readonly #places = new Map<string, StoredPlaces>();
	readonly #listeners = new Set<(name: string) => void>();

	/** @param now Returns milliseconds since 1970. */
	constructor(now: () => number) {
		this.#now = now;
	}

	async exchange(host: string, requests: readonly SliceRequest[]): Promise<readonly SliceAnswer[]> {
		const now = this.#now();
		return requests.map((request) => exchangeSlice(this.#bucket(request, now), host, request, now));
	}

	async exchangePlaces(host: string, requests: readonly PlacesRequest[]): Promise<readonly PlacesAnswer[]> {
		const now = this.#now();
		return requests.map((request) => this.#exchangePlaces(host, request, now));
	}

	onPlaces(listener: (name: string) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#bucket(request: SliceRequest, now: number): StoredBucket {
		const existing = this.#buckets.get(request.bucket);
		if (existing !== undefined && existing.forgetAt > now) return existing;
		if (this.#buckets.size >= SWEEP_AT) {
			for (const [name, { forgetAt }] of this.#buckets) if (forgetAt <= now) this.#buckets.delete(name);
		}
		const created = fullBucket(request, now);
		this.#buckets.set(request.bucket, created);
		return created;
	}

	#exchangePlaces(host: string, { name, limit, target, isWaiting }: PlacesRequest, now: number): PlacesAnswer {
		const places = this.#places.get(name) ?? { held: new Map(), claim: { host: "-", amount: 0, until: 0 } };
		this.#places.set(name, places);
		const { held, claim } = places;
		for (const [other, { until }] of held) if (until <= now) held.delete(other);
		const mine = held.get(host)?.count ?? 0;
		const others = [...held].reduce((sum, [other, { count }]) => (other === host ? sum : sum + count), 0);
		const isOthers = claim.until > now && claim.host !== host;
		const free = limit - others - mine - (isOthers ? claim.amount : 0);
		const count = target <= mine ? target : mine + Math.max(0, Math.min(target - mine, free));
		if (count > 0) held.set(host, { count, until: now + PLACES_MS });
		else held.delete(host);
		let isNews = isOthers && count < mine;
		if (claim.host === host && (count >= target || !isWaiting)) claim.until = 0;
		if (isWaiting && count < target && !isOthers) {
			isNews = claim.host !== host || claim.until <= now;
			places.claim = { host, amount: 1, until: now + PLACES_CLAIM_MS };
		}
		if (held.size === 0 && places.claim.until <= now) this.#places.delete(name);
		if (isNews) for (const listener of this.#listeners) queueMicrotask(() => listener(name));
		const waits = (each: string): number => (held.has(each) ? 0 : 1);
		return {
			held: count,
			hosts: Math.max(1, held.size + (isOthers ? waits(claim.host) : 0) + (isWaiting ? waits(host) : 0)),
			isContended: isOthers,
		};
	}
}
