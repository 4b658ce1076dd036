import type { PriceConfig } from "../../../generated/ir/config.ts";
import type * as types from "../../../generated/ir/types.ts";
import { abortable } from "../../async/abortable.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import type { AttemptRole } from "../decision/explanation.ts";
import type { Instance } from "../instances/instance.ts";
import type { Lease } from "./lease.ts";
import type { AcquiredLease } from "./lease-acquisition.ts";

export interface AttemptOptions extends AcquiredLease {
	readonly role: AttemptRole;
	/** Of the whole request: when it is aborted, so is the attempt. */
	readonly signal: AbortSignal;
	readonly clock: Clock;
}

/** One try of one instance: its lease, what was reserved for it, and a signal of its own. */
export class Attempt {
	readonly lease: Lease;
	readonly role: AttemptRole;
	readonly price: PriceConfig | undefined;
	readonly #options: AttemptOptions;
	readonly #abort = new AbortController();
	readonly #onAbort = (): void => this.#abort.abort(this.#options.signal.reason);
	/** Until its first output, in milliseconds. */
	firstOutputMs: number | undefined;
	/** Nothing more is expected of it. */
	ended = false;

	constructor(options: AttemptOptions) {
		this.#options = options;
		this.lease = options.lease;
		this.role = options.role;
		this.price = options.price;
		if (options.signal.aborted) this.#onAbort();
		else options.signal.addEventListener("abort", this.#onAbort, { once: true });
	}

	get instance(): Instance {
		return this.lease.instance;
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	get apiKey(): string | undefined {
		return this.lease.keyValue;
	}

	/**
	 * Waits for the first output, at most so long.
	 *
	 * @param drop Takes what comes too late for anybody to want it.
	 */
	async start<T>(open: (attempt: Attempt) => Promise<T>, drop: (late: T) => void, firstContentMs: number | undefined): Promise<T> {
		const cancel = this.#limit(firstContentMs, (ms) => `the backend sent no output within ${ms} ms (first_event_timeout_ms of the route)`);
		try {
			const first = await abortable(open(this), this.signal, drop);
			this.firstOutputMs = this.lease.recordFirstOutput();
			return first;
		} finally {
			cancel();
		}
	}

	/** Waits for the next piece of a stream that has begun, at most so long. */
	async next<T>(piece: Promise<T>, idleMs: number | undefined): Promise<T> {
		const cancel = this.#limit(idleMs, (ms) => `the backend sent no further output within ${ms} ms (idle_timeout_ms of the route)`);
		try {
			return await abortable(piece, this.signal);
		} finally {
			cancel();
		}
	}

	abort(reason: SpearError): void {
		this.#abort.abort(reason);
	}

	/** Says what the reservation came to. */
	settle(usage: types.Usage | undefined): void {
		this.#options.reservation?.settle(this.#options.charges.actual(usage));
	}

	/** Says that nothing was consumed. */
	settleNothing(): void {
		this.#options.reservation?.settle(this.#options.charges.nothing());
	}

	/** Lets go of the request's signal. */
	detach(): void {
		this.ended = true;
		this.#options.signal.removeEventListener("abort", this.#onAbort);
	}

	#limit(ms: number | undefined, what: (ms: number) => string): () => void {
		if (ms === undefined) return () => {};
		return this.#options.clock.after(ms, () => this.#abort.abort(new SpearError("timeout", what(ms), { processed: "unknown" })));
	}
}
