import type { Worker } from "node:worker_threads";

/** Time between two looks at the memory of a thread, in milliseconds. */
const INTERVAL_MS = 250;

export interface MemoryWatchOptions {
	/** Most bytes of the heap and of what lies outside of it. */
	readonly maxBytes: number;
	/** Called with the bytes of both at each look. */
	readonly onUse: (bytes: number) => void;
	/** Called once, beyond `maxBytes`. */
	readonly onExceeded: () => void;
}

/**
 * Watches the memory of a thread while it runs a guest: its heap, and what lies outside of it. V8's own limits count neither long texts nor
 * typed arrays, which Node keeps outside of the heap.
 *
 * @returns The function that ends the watch.
 */
export function watchMemory(worker: Pick<Worker, "getHeapStatistics">, { maxBytes, onUse, onExceeded }: MemoryWatchOptions): () => void {
	let isAsking = false;
	const stop = (): void => clearInterval(timer);
	const look = async (): Promise<void> => {
		if (isAsking) return;
		isAsking = true;
		try {
			const { used_heap_size, external_memory } = await worker.getHeapStatistics();
			onUse(used_heap_size + external_memory);
			if (used_heap_size + external_memory <= maxBytes) return;
			stop();
			onExceeded();
		} catch {
			// The thread has ended.
			stop();
		} finally {
			isAsking = false;
		}
	};
	const timer = setInterval(() => void look(), INTERVAL_MS);
	timer.unref();
	return stop;
}
