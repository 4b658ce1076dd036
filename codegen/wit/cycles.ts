/** Cycles and order in a graph of declarations. */

export interface Order<Node> {
	/** Each node after those it points to; where that leaves a choice, as given. */
	readonly sorted: readonly Node[];
	/** Each cycle as a path that ends where it begins. */
	readonly cycles: readonly (readonly Node[])[];
}

export function order<Node>(nodes: Iterable<Node>, next: (node: Node) => Iterable<Node>): Order<Node> {
	const sorted: Node[] = [];
	const cycles: Node[][] = [];
	const done = new Set<Node>();
	const path: Node[] = [];
	const visit = (node: Node): void => {
		const start = path.indexOf(node);
		if (start >= 0) {
			cycles.push([...path.slice(start), node]);
			return;
		}
		if (done.has(node)) {
			return;
		}
		path.push(node);
		for (const each of next(node)) {
			visit(each);
		}
		path.pop();
		done.add(node);
		sorted.push(node);
	};
	for (const node of nodes) {
		visit(node);
	}
	return { sorted, cycles };
}
