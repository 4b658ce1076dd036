/** Memory of the server without garbage. */
export interface MemorySample {
	readonly minute: number;
	/** Resident memory, and the part of the JavaScript heap in use, in bytes. */
	readonly rss: number;
	readonly heap: number;
}

/** Returns the growth from the second sample to the last, in bytes a minute. Before it, code is compiled and bounded logs fill up. */
export function growth(samples: readonly MemorySample[]): { readonly rss: number; readonly heap: number } {
	const [, first] = samples;
	const last = samples.at(-1);
	if (first === undefined || last === undefined || first === last) return { rss: Number.NaN, heap: Number.NaN };
	const minutes = last.minute - first.minute;
	return { rss: (last.rss - first.rss) / minutes, heap: (last.heap - first.heap) / minutes };
}
