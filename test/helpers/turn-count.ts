/**
 * Reads all items, and returns them with the most items of one turn of the event loop. The end of one turn and the beginning of the next may
 * count as one, so a bound of `n` items in a turn shows as up to `2 n`.
 */
export async function mostPerTurn<T>(items: AsyncIterable<T>): Promise<{ readonly items: T[]; readonly most: number }> {
	let turn = 0;
	let counting = true;
	const count = (): void => {
		turn += 1;
		if (counting) setImmediate(count);
	};
	setImmediate(count);
	const all: T[] = [];
	const perTurn = new Map<number, number>();
	try {
		for await (const item of items) {
			all.push(item);
			perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
		}
	} finally {
		counting = false;
	}
	return { items: all, most: Math.max(0, ...perTurn.values()) };
}

/** Returns the number of turns of the event loop that pass until `work` has ended. */
export async function turnsOf(work: () => Promise<unknown>): Promise<number> {
	let turns = 0;
	let counting = true;
	const count = (): void => {
		if (!counting) return;
		turns += 1;
		setImmediate(count);
	};
	setImmediate(count);
	await work();
	counting = false;
	return turns;
}
