/** A unit of speech whose times may be unknown. Times are in seconds. */
export interface Untimed {
	readonly start: number | undefined;
	readonly end: number | undefined;
}

/** A unit of speech with both times. */
export type Timed<T extends Untimed> = T & { readonly start: number; readonly end: number };

/**
 * Returns a time in seconds, or `undefined` for null or an absent member. Some servers send strings. Aligners report small negative
 * times for speech at the very beginning: those are 0.
 *
 * @throws the error of `wrong` for any other value.
 */
export function timeOf(value: unknown, wrong: () => Error): number | undefined {
	if (value === undefined || value === null) return undefined;
	const number = typeof value === "string" && /^-?\d{1,15}(?:\.\d{1,20})?$/.test(value) ? Number(value) : value;
	if (typeof number !== "number" || !Number.isFinite(number)) throw wrong();
	return Math.max(0, number);
}

/**
 * Fills in unknown times from the neighbours. An unknown start is the end of the unit before, an unknown end the next known time.
 * Aligners leave out the times of words that they cannot align, such as numbers.
 *
 * @param within Times of the speech that holds the units. The default begins at 0, and ends with the last known time.
 */
export function fillTimes<T extends Untimed>(units: readonly T[], within: Partial<Untimed> = {}): Timed<T>[] {
	const next = nextTimes(units, within.end);
	let previous = within.start ?? 0;
	return units.map((unit, index) => {
		const start = unit.start ?? Math.min(previous, unit.end ?? next[index] ?? previous);
		const end = unit.end ?? Math.max(start, next[index] ?? start);
		previous = end;
		return { ...unit, start, end };
	});
}

/** Returns for each unit the first known time after it, or `last`. */
function nextTimes(units: readonly Untimed[], last: number | undefined): (number | undefined)[] {
	const times: (number | undefined)[] = [];
	let next = last;
	for (const { start, end } of units.toReversed()) {
		times.push(next);
		next = start ?? end ?? next;
	}
	return times.reverse();
}
