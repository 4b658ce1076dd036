import type { Clock } from "../../time/clock.ts";
import type { RunChange, SharedRuns } from "../runs.ts";

/** Watches of runs by the readers of this host. All readers share one subscription. */
export class RunWatches {
	readonly #runs: Pick<SharedRuns, "onChange">;
	readonly #clock: Clock;
	readonly #watches = new Map<string, Set<RunWatch>>();
	#unlisten: (() => void) | undefined;

	constructor(runs: Pick<SharedRuns, "onChange">, clock: Clock) {
		this.#runs = runs;
		this.#clock = clock;
	}

	/** Watches a run. Changes from now on count. */
	watch(id: string): RunWatch {
		this.#unlisten ??= this.#runs.onChange((change) => this.#changed(change));
		const watches = this.#watches.get(id) ?? new Set();
		this.#watches.set(id, watches);
		const watch = new RunWatch(this.#clock, () => {
			watches.delete(watch);
			if (watches.size === 0 && this.#watches.get(id) === watches) this.#watches.delete(id);
			if (this.#watches.size > 0) return;
			this.#unlisten?.();
			this.#unlisten = undefined;
		});
		watches.add(watch);
		return watch;
	}

	#changed({ id }: RunChange): void {
		for (const watch of this.#watches.get(id) ?? []) watch.notify();
	}
}

/** Waits for changes of one run. A change between two waits is not missed. */
export class RunWatch implements Disposable {
	readonly #clock: Clock;
	readonly #onEnd: () => void;
	#hasChanged = false;
	#wake: (() => void) | undefined;

	constructor(clock: Clock, onEnd: () => void) {
		this.#clock = clock;
		this.#onEnd = onEnd;
	}

	notify(): void {
		this.#hasChanged = true;
		this.#wake?.();
	}

	/** Forgets the changes so far. Called before the run is read. */
	reset(): void {
		this.#hasChanged = false;
	}

	/** Resolves after a change since `reset`, after a time, or when the signal is aborted. */
	async change(ms: number, signal: AbortSignal): Promise<void> {
		if (this.#hasChanged || signal.aborted) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#wake = resolve;
		const cancel = this.#clock.after(ms, resolve);
		const onAbort = (): void => resolve();
		signal.addEventListener("abort", onAbort, { once: true });
		await promise;
		signal.removeEventListener("abort", onAbort);
		cancel();
		this.#wake = undefined;
	}

	[Symbol.dispose](): void {
		this.#onEnd();
	}
}
