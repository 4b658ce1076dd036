/** A function and the time of its call. */
export interface Timer {
	/** In milliseconds. */
	readonly at: number;
	/** Position among all timers. Of two timers of the same time, the one with the lower order fires first. */
	readonly order: number;
	fire: () => void;
}

const CANCELLED = (): void => {};

/** A priority queue of timers: a binary heap, the earliest first. */
export class TimerHeap {
	readonly #heap: Timer[] = [];
	#added = 0;

	add(at: number, fire: () => void): Timer {
		const timer = { at, order: this.#added++, fire };
		this.#heap.push(timer);
		this.#rise(this.#heap.length - 1);
		return timer;
	}

	/** Cancels a timer, which stays in the heap until its time. */
	cancel(timer: Timer): void {
		timer.fire = CANCELLED;
	}

	/** Removes and returns the earliest timer that is not cancelled; `undefined` for none. */
	take(): Timer | undefined {
		for (;;) {
			const [first] = this.#heap;
			const last = this.#heap.pop();
			if (first === undefined || last === undefined) return undefined;
			if (first !== last) {
				this.#heap[0] = last;
				this.#sink();
			}
			if (first.fire !== CANCELLED) return first;
		}
	}

	#rise(from: number): void {
		for (let index = from; index > 0; ) {
			const parent = (index - 1) >> 1;
			if (!this.#swapIfEarlier(index, parent)) return;
			index = parent;
		}
	}

	#sink(): void {
		for (let index = 0; ; ) {
			const [left, right] = [2 * index + 1, 2 * index + 2];
			const child = this.#isEarlier(right, left) ? right : left;
			if (!this.#swapIfEarlier(child, index)) return;
			index = child;
		}
	}

	#swapIfEarlier(child: number, parent: number): boolean {
		const [a, b] = [this.#heap[child], this.#heap[parent]];
		if (a === undefined || b === undefined || !this.#isEarlier(child, parent)) return false;
		this.#heap[child] = b;
		this.#heap[parent] = a;
		return true;
	}

	#isEarlier(one: number, other: number): boolean {
		const [a, b] = [this.#heap[one], this.#heap[other]];
		return a !== undefined && (b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order));
	}
}
