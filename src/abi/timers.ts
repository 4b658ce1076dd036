/** Longest delay of `setTimeout`, in milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Returns nanoseconds of a clock that never goes back. */
export function monotonicNow(): bigint {
	return process.hrtime.bigint();
}

/** Effect of a close on the waits of the instance. */
export type WaitsAtClose =
	/** Waits end at once. The engine then ends the guest, and its stack is freed. */
	| "end"
	/** Waits never end. For an engine that cannot end a guest: it would go on. */
	| "stay";

/** Timers of one instance. */
export class Timers {
	readonly #pending = new Map<ReturnType<typeof setTimeout>, () => void>();
	readonly #waitsAtClose: WaitsAtClose;
	#closed = false;

	constructor(waitsAtClose: WaitsAtClose) {
		this.#waitsAtClose = waitsAtClose;
	}

	/** Resolves after `deadline`, in monotonic nanoseconds, and never before the event loop had a turn. */
	async until(deadline: bigint): Promise<void> {
		await new Promise<void>((resolve) => setImmediate(resolve));
		for (let left = deadline - monotonicNow(); left > 0n && !this.#closed; left = deadline - monotonicNow())
			await this.#sleep(Number(left) / 1e6);
		if (this.#closed && this.#waitsAtClose === "stay") await new Promise<never>(() => {});
	}

	close(): void {
		this.#closed = true;
		for (const [timer, resolve] of this.#pending) {
			clearTimeout(timer);
			if (this.#waitsAtClose === "end") resolve();
		}
		this.#pending.clear();
	}

	#sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(
				() => {
					this.#pending.delete(timer);
					resolve();
				},
				Math.min(Math.ceil(ms), MAX_TIMEOUT_MS),
			);
			this.#pending.set(timer, resolve);
		});
	}
}
