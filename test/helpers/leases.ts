import { LeasedLimits, type LeasedLimitsOptions } from "../../src/cluster/leases/leased-limits.ts";
import type { PolicyChange, UnreachablePolicies } from "../../src/cluster/leases/unreachable-policy.ts";
import type { LimitsRoom, PlacesRequest, SliceRequest } from "../../src/cluster/limits.ts";
import { MemoryLimits } from "../../src/cluster/memory/memory-limits.ts";
import type { ConnectionState, StoreConnection } from "../../src/cluster/store-connection.ts";
import { StoreError } from "../../src/cluster/store-error.ts";
import type { Charge, Refusal, Reservation } from "../../src/router/limits/limit-store.ts";
import { FakeClock } from "./fake-clock.ts";

/** A connection whose state a test sets. */
export class ScriptedConnection implements StoreConnection {
	state: ConnectionState = { reachable: true, sinceMs: 0 };
	readonly #listeners = new Set<(state: ConnectionState) => void>();

	onChange(listener: (state: ConnectionState) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	onCall(): () => void {
		return () => {};
	}

	set(reachable: boolean): void {
		this.state = reachable ? { reachable, sinceMs: 0 } : { reachable, sinceMs: 0, fault: "cut" };
		for (const listener of this.#listeners) listener(this.state);
	}
}

/** The next call of a room: delayed, or failed before or after the store has carried it out. */
export interface CallScript {
	readonly delayMs?: number;
	readonly fails?: "before" | "after" | "invalid";
}

/** A room in the process whose calls a test delays and fails. */
export class ScriptedRoom implements LimitsRoom {
	readonly inner: MemoryLimits;
	readonly exchanges: (readonly SliceRequest[])[] = [];
	script: CallScript = {};
	readonly #clock: FakeClock;

	constructor(inner: MemoryLimits, clock: FakeClock) {
		this.inner = inner;
		this.#clock = clock;
	}

	async exchange(host: string, requests: readonly SliceRequest[]) {
		this.exchanges.push(requests);
		return this.#call(() => this.inner.exchange(host, requests));
	}

	async exchangePlaces(host: string, requests: readonly PlacesRequest[]) {
		return this.#call(() => this.inner.exchangePlaces(host, requests));
	}

	onPlaces(listener: (name: string) => void): () => void {
		return this.inner.onPlaces(listener);
	}

	async #call<T>(run: () => Promise<T>): Promise<T> {
		const { delayMs = 0, fails } = this.script;
		if (fails === "invalid") throw new StoreError("invalid_value", "a list");
		if (fails === "before") throw new StoreError("unreachable", "refused");
		const answer = await run();
		if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
		if (fails === "after") throw new StoreError("unreachable", "timed out", { mayHaveRun: true });
		return answer;
	}
}

/** Several hosts over one store in the process, on a clock of the test. Each host counts its time from another start. */
export class LeaseRig {
	readonly clock = new FakeClock();
	readonly store = new MemoryLimits(() => 1_000_000 + this.clock.now());
	readonly connection = new ScriptedConnection();
	readonly changes: PolicyChange[] = [];
	readonly faults: string[] = [];
	policies: UnreachablePolicies = { requests: "local_share", tokens: "local_share", money: "local_share", concurrency: "local_share" };

	options(host: string, room: LimitsRoom = this.store, skewMs = 0): LeasedLimitsOptions {
		return {
			host,
			room,
			connection: this.connection,
			clock: { now: () => this.clock.now() + skewMs, after: (ms, fire) => this.clock.after(ms, fire) },
			policies: () => this.policies,
			onPolicy: (change) => this.changes.push(change),
			onFault: (bucket) => this.faults.push(bucket),
		};
	}

	host(name: string, skewMs = 0): { readonly limits: LeasedLimits; readonly room: ScriptedRoom } {
		const room = new ScriptedRoom(this.store, this.clock);
		return { limits: new LeasedLimits(this.options(name, room, skewMs)), room };
	}
}

/** Returns a charge of a budget of 100 that never refills. */
export function charge(given: Partial<Charge> = {}): Charge {
	return { bucket: "guest:g:money", amount: 1, capacity: 100, perMs: 0, forgetAfterMs: 3_600_000, unit: "money", ...given };
}

/** Returns a charge of a rate of 100 per second, of which a bucket holds 10. */
export function rate(given: Partial<Charge> = {}): Charge {
	return { bucket: "guest:g:requests:second", amount: 1, capacity: 10, perMs: 0.1, unit: "requests", ...given };
}

/** Returns an answer that needed no exchange. */
export function now(answer: Reservation | Refusal | Promise<Reservation | Refusal>): Reservation | Refusal {
	if (answer instanceof Promise) throw new Error("the answer waits for an exchange");
	return answer;
}
