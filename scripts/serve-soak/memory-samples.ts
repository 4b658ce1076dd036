/** Memory of the server at a moment. */
export interface MemorySample {
	readonly minute: number;
	/** Resident memory, and the part of the JavaScript heap in use, in bytes. */
	readonly rss: number;
	readonly heap: number;
}

/** Samples of which the least heap counts: garbage that is not collected yet is no growth. */
const WINDOW = 5;

/** Returns the slopes after the first quarter, in bytes a minute. `NaN` for too few samples. */
export function growth(samples: readonly MemorySample[]): { readonly rss: number; readonly heap: number } {
	const late = samples.slice(Math.ceil(samples.length / 4));
	const least: MemorySample[] = [];
	for (let at = 0; at + WINDOW <= late.length; at += WINDOW) {
		const window = late.slice(at, at + WINDOW);
		least.push(window.reduce((low, sample) => (sample.heap < low.heap ? sample : low)));
	}
	return { rss: slope(late.map(({ minute, rss }) => [minute, rss])), heap: slope(least.map(({ minute, heap }) => [minute, heap])) };
}

/** Returns the slope of values over minutes, by least squares. */
function slope(points: readonly (readonly [minute: number, value: number])[]): number {
	if (points.length < 4) return Number.NaN;
	const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
	const [x, y] = [mean(0), mean(1)];
	const spread = points.reduce((sum, [minute]) => sum + (minute - x) ** 2, 0);
	return points.reduce((sum, [minute, value]) => sum + (minute - x) * (value - y), 0) / spread;
}
