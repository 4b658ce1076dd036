/** The differences of two ordered lists of `name` or `name: type` entries. */

export interface PartsDifference {
	readonly removed: readonly string[];
	readonly added: readonly { readonly text: string; readonly index: number }[];
	/** Same name, other text. `index` is where it is now. */
	readonly changed: readonly { readonly before: string; readonly text: string; readonly index: number }[];
	/** First place where the names common to both lists come in another order. */
	readonly moved?: number;
}

export function diffParts(before: readonly string[], after: readonly string[]): PartsDifference {
	const old = new Map(before.map((text) => [nameOf(text), text]));
	const now = new Map(after.map((text) => [nameOf(text), text]));
	const kept = before.map(nameOf).filter((name) => now.has(name));
	const order = after.map(nameOf).filter((name) => old.has(name));
	const firstMoved = order.findIndex((name, index) => name !== kept[index]);
	return {
		removed: before.filter((text) => !now.has(nameOf(text))),
		added: after.flatMap((text, index) => (old.has(nameOf(text)) ? [] : [{ text, index }])),
		changed: after.flatMap((text, index) => {
			const was = old.get(nameOf(text));
			return was === undefined || was === text ? [] : [{ before: was, text, index }];
		}),
		...(firstMoved < 0 ? {} : { moved: after.findIndex((text) => nameOf(text) === order[firstMoved]) }),
	};
}

/** `model: option<string>` → `model` */
export function nameOf(text: string): string {
	return text.split(": ")[0] ?? text;
}
