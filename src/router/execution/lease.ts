import type { Operation } from "../../../generated/ir/operations.ts";
import type { Clock } from "../../time/clock.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { SignalKey } from "../instances/stats/instance-stats.ts";
import { type Consequence, type Outcome, observe, observeLatency } from "../resilience/health.ts";

export interface LeaseOptions {
	readonly instance: Instance;
	readonly operation: Operation;
	readonly key: Key;
	readonly signal: SignalKey;
	readonly clock: Clock;
	/** Told when it has brought its instance back before it is released. */
	readonly onReturn?: () => void;
	/** Told once, when it is released. */
	readonly onRelease: (consequence: Consequence) => void;
}

/** The right to use an instance for one call, stream or session. Released once, with the outcome; further releases do nothing. */
export class Lease {
	readonly instance: Instance;
	readonly key: Key;
	/** The key's value when the lease was taken: what becomes of the request tells of this one. */
	readonly keyValue: string | undefined;
	readonly startedAt: number;
	readonly #options: LeaseOptions;
	#trial: boolean;
	#firstOutputMs: number | undefined;
	#held = true;

	constructor(options: LeaseOptions) {
		const { instance, operation, key, clock } = options;
		this.#options = options;
		this.instance = instance;
		this.key = key;
		this.keyValue = key.value;
		this.startedAt = clock.now();
		this.#trial = instance.signals.breaker.begin();
		instance.signals.enter(operation);
	}

	/** The answer has begun. Gives how long that took, in milliseconds. */
	answered(): number {
		const { instance, signal, clock } = this.#options;
		const now = clock.now();
		const latencyMs = now - this.startedAt;
		this.#firstOutputMs ??= latencyMs;
		observeLatency({ instance, signal, latencyMs, now });
		return latencyMs;
	}

	/** The session stands, the stream has begun: as a trial it has succeeded, however long it goes on. */
	established(): void {
		if (!this.#held || !this.#trial) return;
		const { instance, clock, onReturn } = this.#options;
		this.#trial = false;
		instance.signals.breaker.succeed(true);
		instance.signals.returned(clock.now());
		onReturn?.();
	}

	/** It was had for nothing: no request was made. */
	giveBack(): void {
		this.release({ type: "abandoned" });
	}

	release(outcome: Outcome): void {
		if (!this.#held) return;
		this.#held = false;
		const { instance, operation, key, signal, clock, onRelease } = this.#options;
		const now = clock.now();
		const latencyMs = this.#firstOutputMs ?? now - this.startedAt;
		instance.signals.leave(operation);
		const answered = this.#firstOutputMs !== undefined;
		onRelease(observe(outcome, { instance, key, keyValue: this.keyValue, signal, trial: this.#trial, answered, latencyMs, now }));
	}
}
