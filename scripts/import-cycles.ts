/**
 * The shortest cycle through each file, each cycle once and as a path that ends where it begins. Of its files the first by name
 * comes first.
 *
 * @param imports file → the files it imports
 */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
	const cycles = new Map<string, string[]>();
	for (const file of [...imports.keys()].sort()) {
		const path = pathBack(file, imports);
		if (path === undefined) continue;
		const cycle = startingAtFirst(path);
		cycles.set(cycle.join("\n"), [...cycle, ...cycle.slice(0, 1)]);
	}
	return [...cycles.values()];
}

/** The files of the shortest way from `start` to itself, without the return to it; undefined if there is none. */
function pathBack(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
	const cameFrom = new Map<string, string>();
	const queue = [start];
	for (const file of queue) {
		for (const next of imports.get(file) ?? []) {
			if (next === start) return pathTo(file, start, cameFrom);
			if (cameFrom.has(next)) continue;
			cameFrom.set(next, file);
			queue.push(next);
		}
	}
	return undefined;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
	const path = [end];
	for (let file = end; file !== start; ) {
		file = cameFrom.get(file) ?? start;
		path.unshift(file);
	}
	return path;
}

function startingAtFirst(path: readonly string[]): string[] {
	const first = path.indexOf([...path].sort()[0] ?? "");
	return [...path.slice(first), ...path.slice(0, first)];
}
