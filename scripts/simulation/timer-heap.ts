/** A function and the time of its call. */
export interface Timer {
	/** In milliseconds. */
	readonly at: number;
	/** Position among all timers. Of two timers of the same time, the one with the lower order fires first. */
	readonly order: number;
	fire: () => void;
}

const CANCELLED = (): void => {};

/** A priority queue of timers: a heap, the earliest first. */
export class TimerHeap {
	readonly #heap: Timer[] = [];
	#added = 0;

	add(at: number, fire: () => void): Timer {
		const timer = { at, order: this.#added++, fire };
		this.#heap.push(timer);
		this.#rise(this.#heap.length - 1, timer);
		return timer;
	}

	/** Cancels a timer, which stays in the heap until its time. */
	cancel(timer: Timer): void {
		timer.fire = CANCELLED;
	}

	/** Removes and returns the earliest timer that is not cancelled; `undefined` for none. */
	take(): Timer | undefined {
		for (;;) {
			const first = this.#heap[0];
			const last = this.#heap.pop();
			if (first === undefined || last === undefined) return undefined;
			if (first !== last) this.#sink(last);
			if (first.fire !== CANCELLED) return first;
		}
	}

	/** Moves a timer from a position towards the top, to its place. */
	#rise(from: number, timer: Timer): void {
		const heap = this.#heap;
		let index = from;
		while (index > 0) {
			const parentIndex = (index - 1) >> 2;
			const parent = heap[parentIndex];
			if (parent === undefined || !isEarlier(timer, parent)) break;
			heap[index] = parent;
			index = parentIndex;
		}
		heap[index] = timer;
	}

	/** Moves a timer from the top to its place. Each timer has four below it: fewer levels than two. */
	#sink(timer: Timer): void {
		const heap = this.#heap;
		let index = 0;
		for (;;) {
			let childIndex = 4 * index + 1;
			let child = heap[childIndex];
			if (child === undefined) break;
			const end = childIndex + 4;
			for (let other = childIndex + 1; other < end; other++) {
				const sibling = heap[other];
				if (sibling === undefined) break;
				if (!isEarlier(sibling, child)) continue;
				child = sibling;
				childIndex = other;
			}
			if (!isEarlier(child, timer)) break;
			heap[index] = child;
			index = childIndex;
		}
		heap[index] = timer;
	}
}

function isEarlier(one: Timer, other: Timer): boolean {
	return one.at < other.at || (one.at === other.at && one.order < other.order);
}
