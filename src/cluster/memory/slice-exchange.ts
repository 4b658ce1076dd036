import {
	CLAIM_MARGIN_MS,
	FORGET_MS,
	MAX_CLAIM_MS,
	MAX_DEBT_MS,
	ROUNDING,
	type SliceAnswer,
	type SliceRequest,
	SMALLEST_CLAIM,
	WINDOW_MS,
} from "../limits.ts";

/** Sums over the hosts that exchanged in one window. */
interface WindowSums {
	hosts: number;
	demand: number;
	held: number;
}

/** A bucket in the store. */
export interface StoredBucket {
	capacity: number;
	perMs: number;
	level: number;
	/** Time of the last refill. */
	at: number;
	window: number;
	present: WindowSums;
	previous: WindowSums;
	/** Amount that is kept for a host that was refused. */
	claim: { host: string; amount: number; until: number };
	/** The last refusal. */
	refused: { host: string; at: number };
	forgetAt: number;
}

/** Returns a full bucket. */
export function fullBucket({ capacity, perMs }: Pick<SliceRequest, "capacity" | "perMs">, now: number): StoredBucket {
	return {
		capacity,
		perMs,
		level: capacity,
		at: now,
		window: Math.floor(now / WINDOW_MS),
		present: { hosts: 0, demand: 0, held: 0 },
		previous: { hosts: 0, demand: 0, held: 0 },
		claim: { host: "-", amount: 0, until: 0 },
		refused: { host: "-", at: Number.NEGATIVE_INFINITY },
		forgetAt: Number.POSITIVE_INFINITY,
	};
}

/** Exchanges a slice of one bucket. The same steps as the script of the Redis store. */
export function exchangeSlice(bucket: StoredBucket, host: string, request: SliceRequest, now: number): SliceAnswer {
	const { capacity, perMs, want, atLeast } = request;
	refill(bucket, request, now);
	const sums = count(bucket, request, now);
	const { claim } = bucket;
	const isOthers = claim.until > now && claim.host !== host;
	const available = bucket.level - (isOthers ? claim.amount : 0);
	const needed = Math.min(atLeast, capacity);
	let granted = 0;
	let waitMs: number | undefined = 0;
	if (available >= needed - capacity * ROUNDING && available > 0) {
		const most = sums.hosts > 1 ? Math.max(needed, available / 2, available - capacity / 4) : available;
		granted = Math.min(Math.max(want, needed), most, available);
		bucket.level -= granted;
		if (claim.host === host) claim.until = 0;
	} else {
		waitMs = perMs > 0 ? Math.ceil(Math.max(needed - available, 0) / perMs) : undefined;
		if (needed > 0 && request.isWaiting) {
			bucket.refused = { host, at: now };
			if (needed > SMALLEST_CLAIM && !isOthers && waitMs !== undefined && waitMs <= MAX_CLAIM_MS)
				bucket.claim = { host, amount: needed, until: now + waitMs + CLAIM_MARGIN_MS };
		}
	}
	const ownHeld = request.held;
	bucket.forgetAt = now + (perMs > 0 ? Math.ceil((capacity - bucket.level) / perMs) + 10_000 : (request.forgetAfterMs ?? FORGET_MS));
	return {
		granted,
		level: bucket.level,
		waitMs,
		share: sums.demand > 0 ? Math.min(1, request.demand / sums.demand) : 1,
		hosts: sums.hosts,
		heldByOthers: Math.max(0, sums.held - ownHeld),
		isStarved: bucket.refused.host !== host && now - bucket.refused.at < 2 * WINDOW_MS,
		window: bucket.window,
	};
}

/** Refills the bucket up to now, adapts it to the limit of the request, and counts what comes back and what is owed. */
function refill(bucket: StoredBucket, { capacity, perMs, unused, owed }: SliceRequest, now: number): void {
	bucket.level = Math.min(bucket.capacity, bucket.level + Math.max(0, now - bucket.at) * bucket.perMs);
	bucket.at = now;
	bucket.level = capacity - (bucket.capacity - bucket.level);
	bucket.capacity = capacity;
	bucket.perMs = perMs;
	bucket.level = Math.min(capacity, bucket.level + unused - owed);
	if (perMs > 0) bucket.level = Math.max(bucket.level, -perMs * MAX_DEBT_MS);
}

/** Counts the host in the present window. Returns the larger sums of the present and the previous window. */
function count(bucket: StoredBucket, { demand, held, told }: SliceRequest, now: number): WindowSums {
	const window = Math.floor(now / WINDOW_MS);
	if (window !== bucket.window) {
		bucket.previous = window === bucket.window + 1 ? bucket.present : { hosts: 0, demand: 0, held: 0 };
		bucket.present = { hosts: 0, demand: 0, held: 0 };
		bucket.window = window;
	}
	const { present, previous } = bucket;
	const isCounted = told?.window === window && present.hosts > 0;
	present.hosts += isCounted ? 0 : 1;
	present.demand = Math.max(demand, present.demand + demand - (isCounted ? told.demand : 0));
	present.held = Math.max(held, present.held + held - (isCounted ? told.held : 0));
	return {
		hosts: Math.max(present.hosts, previous.hosts),
		demand: Math.max(present.demand, previous.demand),
		held: Math.max(present.held, previous.held),
	};
}
