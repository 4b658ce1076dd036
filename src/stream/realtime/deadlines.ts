import { SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";

/** How long a session lasts is for who opened it to say. */
const BY_CALLER = { attribution: "caller" } as const;

/** The timers of a session that is connected: its longest life, its longest silence, and how long it may take to close. */
export class SessionDeadlines {
	readonly #clock: Clock;
	readonly #expire: (error: SpearError) => void;
	readonly #cancel = new Map<"life" | "idle" | "close", () => void>();
	#activeAt = 0;
	#stopped = false;

	constructor(clock: Clock, expire: (error: SpearError) => void) {
		this.#clock = clock;
		this.#expire = expire;
	}

	start({ maxMs, idleMs }: { readonly maxMs: number; readonly idleMs: number }): void {
		this.#set("life", maxMs, () =>
			this.#expire(new SpearError("timeout", `the session has lasted ${maxMs} ms, the longest this host allows; connect again`, BY_CALLER)),
		);
		this.touch();
		this.#watchSilence(idleMs, idleMs);
	}

	/** Something happened: the silence begins anew. */
	touch(): void {
		this.#activeAt = this.#clock.now();
	}

	/** From now on only the closing counts. */
	close(ms: number, expire: () => void): void {
		if (this.#cancel.has("close")) return;
		this.#clear();
		this.#set("close", ms, expire);
	}

	/** Takes every timer back. */
	stop(): void {
		this.#stopped = true;
		this.#clear();
	}

	/** One timer for any amount of traffic: when it fires, it is set again for what is left since the last sign of life. */
	#watchSilence(idleMs: number, ms: number): void {
		this.#set("idle", ms, () => {
			const left = this.#activeAt + idleMs - this.#clock.now();
			if (left > 0) this.#watchSilence(idleMs, left);
			else this.#expire(new SpearError("timeout", `the session was ended: nothing was sent or received for ${idleMs} ms`, BY_CALLER));
		});
	}

	#clear(): void {
		for (const cancel of this.#cancel.values()) cancel();
		this.#cancel.clear();
	}

	#set(name: "life" | "idle" | "close", ms: number, fire: () => void): void {
		if (!this.#stopped) this.#cancel.set(name, this.#clock.after(ms, fire));
	}
}
