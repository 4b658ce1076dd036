import { SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";

/** The caller determines how long a session lasts, so an expiry does not count against the backend. */
const BY_CALLER = { attribution: "caller" } as const;

/** The timers of a connected session: its lifetime, its idle time, and the time that a close may take. */
export class SessionDeadlines {
	readonly #clock: Clock;
	readonly #expire: (error: SpearError) => void;
	readonly #cancel = new Map<"lifetime" | "idle" | "close", () => void>();
	#activeAt = 0;
	#stopped = false;

	/** @param expire Called with a `timeout` when the lifetime or the idle time has passed. */
	constructor(clock: Clock, expire: (error: SpearError) => void) {
		this.#clock = clock;
		this.#expire = expire;
	}

	/** Starts the timers of the lifetime and the idle time, in milliseconds. */
	start({ maxMs, idleMs }: { readonly maxMs: number; readonly idleMs: number }): void {
		this.#set("lifetime", maxMs, () =>
			this.#expire(new SpearError("timeout", `the session has lasted ${maxMs} ms, the longest this host allows; connect again`, BY_CALLER)),
		);
		this.touch();
		this.#watchIdle(idleMs, idleMs);
	}

	/** Restarts the idle time. */
	touch(): void {
		this.#activeAt = this.#clock.now();
	}

	/** Replaces the other timers by one for the close. Calls `expire` after `ms` milliseconds. */
	close(ms: number, expire: () => void): void {
		if (this.#cancel.has("close")) return;
		this.#clear();
		this.#set("close", ms, expire);
	}

	/** Cancels every timer. Later calls start none. */
	stop(): void {
		this.#stopped = true;
		this.#clear();
	}

	/** Uses one timer for any amount of traffic. When it fires early, it is set again for the rest of the idle time. */
	#watchIdle(idleMs: number, ms: number): void {
		this.#set("idle", ms, () => {
			const remaining = this.#activeAt + idleMs - this.#clock.now();
			if (remaining > 0) this.#watchIdle(idleMs, remaining);
			else this.#expire(new SpearError("timeout", `the session was ended: nothing was sent or received for ${idleMs} ms`, BY_CALLER));
		});
	}

	#clear(): void {
		for (const cancel of this.#cancel.values()) cancel();
		this.#cancel.clear();
	}

	#set(name: "lifetime" | "idle" | "close", ms: number, fire: () => void): void {
		if (!this.#stopped) this.#cancel.set(name, this.#clock.after(ms, fire));
	}
}
