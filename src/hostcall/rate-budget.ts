import type { Clock } from "../time/clock.ts";

/** Length of the window that the budget counts in, in milliseconds. */
const WINDOW_MS = 1_000;

export interface RateBudgetOptions {
	/** Largest number of items a second. */
	readonly maxItems: number;
	/** Largest number of bytes a second. */
	readonly maxBytes: number;
	readonly clock: Clock;
	/** Reports the rest at once when aborted. */
	readonly signal: AbortSignal;
	/** Called at the end of a window in which items were refused. */
	readonly onDropped: (items: number, bytes: number) => void;
}

/** Bounds a flow of items, such as log lines, by number and size a second. Counts the refused items and reports each second's count once. */
export class RateBudget {
	readonly #options: RateBudgetOptions;
	#start: number;
	#items = 0;
	#bytes = 0;
	#droppedItems = 0;
	#droppedBytes = 0;
	#cancel: (() => void) | undefined;

	constructor(options: RateBudgetOptions) {
		this.#options = options;
		this.#start = options.clock.now();
	}

	/** Returns true if an item of that size is within the budget. Counts the item in either case. */
	admit(bytes: number): boolean {
		const { clock, maxItems, maxBytes } = this.#options;
		if (clock.now() - this.#start >= WINDOW_MS) this.#next();
		if (this.#droppedItems === 0 && this.#items < maxItems && this.#bytes + bytes <= maxBytes) {
			this.#items += 1;
			this.#bytes += bytes;
			return true;
		}
		if (this.#droppedItems === 0) this.#reportLater();
		this.#droppedItems += 1;
		this.#droppedBytes += bytes;
		return false;
	}

	/** As `admit`, for an item whose content reaches its reader in another way too: a refused item is not reported. */
	admitQuietly(bytes: number): boolean {
		const { clock, maxItems, maxBytes } = this.#options;
		if (clock.now() - this.#start >= WINDOW_MS) this.#next();
		const isRefused = this.#droppedItems > 0 || this.#items >= maxItems || this.#bytes + bytes > maxBytes;
		return !isRefused && this.admit(bytes);
	}

	#reportLater(): void {
		const { clock, signal } = this.#options;
		const report = () => this.#next();
		const cancelTimer = clock.after(this.#start + WINDOW_MS - clock.now(), report);
		signal.addEventListener("abort", report);
		this.#cancel = () => {
			cancelTimer();
			signal.removeEventListener("abort", report);
		};
	}

	/** Starts a window, and reports what the former one refused. */
	#next(): void {
		const items = this.#droppedItems;
		const bytes = this.#droppedBytes;
		this.#cancel?.();
		this.#cancel = undefined;
		this.#start = this.#options.clock.now();
		this.#items = 0;
		this.#bytes = 0;
		this.#droppedItems = 0;
		this.#droppedBytes = 0;
		if (items > 0) this.#options.onDropped(items, bytes);
	}
}
