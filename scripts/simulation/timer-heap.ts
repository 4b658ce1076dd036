/** Something to be done at a time. */
export interface Timer {
	readonly at: number;
	/** Of two timers of one time, the one that was set first fires first. */
	readonly order: number;
	fire: () => void;
}

const NOTHING = (): void => {};

/** Timers, the next one first: a binary heap. */
export class TimerHeap {
	readonly #heap: Timer[] = [];
	#set = 0;

	add(at: number, fire: () => void): Timer {
		const timer = { at, order: this.#set++, fire };
		this.#heap.push(timer);
		this.#rise(this.#heap.length - 1);
		return timer;
	}

	/** It will not fire. It is dropped when its turn comes. */
	cancel(timer: Timer): void {
		timer.fire = NOTHING;
	}

	/** Takes out the next one that was not cancelled; `undefined` when none is left. */
	take(): Timer | undefined {
		for (;;) {
			const [first] = this.#heap;
			const last = this.#heap.pop();
			if (first === undefined || last === undefined) return undefined;
			if (first !== last) {
				this.#heap[0] = last;
				this.#sink();
			}
			if (first.fire !== NOTHING) return first;
		}
	}

	#rise(from: number): void {
		for (let at = from; at > 0; ) {
			const parent = (at - 1) >> 1;
			if (!this.#swapIfEarlier(at, parent)) return;
			at = parent;
		}
	}

	#sink(): void {
		for (let at = 0; ; ) {
			const [left, right] = [2 * at + 1, 2 * at + 2];
			const child = this.#isEarlier(right, left) ? right : left;
			if (!this.#swapIfEarlier(child, at)) return;
			at = child;
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
