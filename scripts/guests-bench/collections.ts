import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";

/** Collections of V8's garbage in this thread. */
export interface Collections {
	/** Number of collections of the whole heap. */
	major: number;
	/** Time in which collections stopped the thread, in milliseconds. Other threads mark and sweep meanwhile, and beside the thread. */
	pausedMs: number;
}

/** Counts collections from now on. Returns the function that ends the count. */
export function watchCollections(): () => Collections {
	const collections = { major: 0, pausedMs: 0 };
	const add = (entries: readonly PerformanceEntry[]): void => {
		for (const entry of entries) {
			if (isMajor(entry)) collections.major += 1;
			collections.pausedMs += entry.duration;
		}
	};
	const observer = new PerformanceObserver((list) => add(list.getEntries()));
	observer.observe({ entryTypes: ["gc"] });
	return () => {
		add(observer.takeRecords());
		observer.disconnect();
		return collections;
	};
}

function isMajor(entry: object): boolean {
	const detail = "detail" in entry ? entry.detail : undefined;
	return typeof detail === "object" && detail !== null && "kind" in detail && detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
