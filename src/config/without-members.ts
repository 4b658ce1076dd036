import { type ConfigPath, isTable, memberOf } from "./config-path.ts";

/** A tree of paths to remove. A leaf is removed whole. */
type Removal = Map<string | number, Removal>;

export interface Remainder {
	readonly value: unknown;
	/** Returns the path that a path in `value` had before the removal. Items of lists have moved. */
	originalPath(path: ConfigPath): ConfigPath;
}

/** Returns a copy of a value without the members at some paths. Parts without such members are shared. */
export function withoutMembers(original: unknown, paths: readonly ConfigPath[]): Remainder {
	const removal: Removal = new Map();
	for (const path of paths) addPath(removal, path);
	/** Indexes that the items of a shortened list had before. */
	const indexes = new WeakMap<object, readonly number[]>();

	const without = (value: unknown, below: Removal): unknown => {
		const keeps = (step: string | number): boolean => below.get(step)?.size !== 0;
		const rest = (step: string | number, member: unknown): unknown => {
			const further = below.get(step);
			return further === undefined ? member : without(member, further);
		};
		if (Array.isArray(value)) {
			const kept = [...value.keys()].filter(keeps);
			const copy: unknown[] = kept.map((index) => rest(index, value[index]));
			indexes.set(copy, kept);
			return copy;
		}
		if (!isTable(value)) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([key]) => keeps(key))
				.map(([key, member]) => [key, rest(key, member)]),
		);
	};

	const value = paths.length === 0 ? original : without(original, removal);
	return {
		value,
		originalPath(path) {
			let node: unknown = value;
			return path.map((step) => {
				const before = typeof step === "number" && Array.isArray(node) ? (indexes.get(node)?.[step] ?? step) : step;
				node = memberOf(node, step);
				return before;
			});
		},
	};
}

function addPath(removal: Removal, path: ConfigPath): void {
	let node = removal;
	for (const [index, step] of path.entries()) {
		const next = node.get(step);
		// A part of it is removed already, and now the whole.
		if (next !== undefined && index === path.length - 1) next.clear();
		if (next?.size === 0) return;
		const child: Removal = next ?? new Map();
		node.set(step, child);
		node = child;
	}
}
