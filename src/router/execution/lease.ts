import type { Operation } from "../../../generated/ir/operations.ts";
import type { Clock } from "../../time/clock.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { type HealthTransition, type Outcome, recordFirstOutput, recordOutcome } from "../resilience/health.ts";

export interface LeaseOptions {
	readonly instance: Instance;
	readonly operation: Operation;
	readonly key: Key;
	readonly statsKey: StatsKey;
	readonly clock: Clock;
	/** Told when it has brought its instance back before it is released. */
	readonly onRecovery?: () => void;
	/** Told once, when it is released. */
	readonly onRelease: (transition: HealthTransition) => void;
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
		this.#trial = instance.stats.breaker.begin();
		instance.stats.enter(operation);
	}

	/** The answer has begun. Gives how long that took, in milliseconds. */
	recordFirstOutput(): number {
		const { instance, statsKey, clock } = this.#options;
		const now = clock.now();
		const latencyMs = now - this.startedAt;
		this.#firstOutputMs ??= latencyMs;
		recordFirstOutput({ instance, statsKey, latencyMs, now });
		return latencyMs;
	}

	/** The session stands, the stream has begun: as a trial it has succeeded, however long it goes on. */
	confirm(): void {
		if (!this.#held || !this.#trial) return;
		const { instance, clock, onRecovery } = this.#options;
		this.#trial = false;
		instance.stats.breaker.succeed(true);
		instance.stats.recovered(clock.now());
		onRecovery?.();
	}

	/** It was had for nothing: no request was made. */
	cancel(): void {
		this.release({ type: "abandoned" });
	}

	release(outcome: Outcome): void {
		if (!this.#held) return;
		this.#held = false;
		const { instance, operation, key, statsKey, clock, onRelease } = this.#options;
		const now = clock.now();
		const latencyMs = this.#firstOutputMs ?? now - this.startedAt;
		instance.stats.leave(operation);
		const answered = this.#firstOutputMs !== undefined;
		onRelease(recordOutcome(outcome, { instance, key, keyValue: this.keyValue, statsKey, trial: this.#trial, answered, latencyMs, now }));
	}
}
