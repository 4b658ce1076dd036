/** Cycles and order in a graph of declarations. */

export interface Order<Node> {
	/** Each node after those it points to; where that leaves a choice, as given. */
	readonly sorted: readonly Node[];
	/** Each cycle as a path that ends where it begins. */
	readonly cycles: readonly (readonly Node[])[];
}

/** Visits the graph depth first, with a path of its own rather than the call stack: chains may be as long as the input. */
export function order<Node>(nodes: Iterable<Node>, next: (node: Node) => Iterable<Node>): Order<Node> {
	const sorted: Node[] = [];
	const cycles: Node[][] = [];
	const done = new Set<Node>();
	const path: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
	const positions = new Map<Node, number>();
	const enter = (node: Node): void => {
		positions.set(node, path.length);
		path.push({ node, rest: next(node)[Symbol.iterator]() });
	};
	for (const first of nodes) {
		if (!done.has(first)) {
			enter(first);
		}
		for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
			const step = top.rest.next();
			if (step.done === true) {
				path.pop();
				positions.delete(top.node);
				done.add(top.node);
				sorted.push(top.node);
				continue;
			}
			const start = positions.get(step.value);
			if (start !== undefined) {
				cycles.push([...path.slice(start).map((each) => each.node), step.value]);
			} else if (!done.has(step.value)) {
				enter(step.value);
			}
		}
	}
	return { sorted, cycles };
}
