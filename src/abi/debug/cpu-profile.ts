/**
 * A CPU profile in the format of V8 (`.cpuprofile`), which the developer tools of browsers and editors open.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
export interface CpuProfile {
	/** A tree by call stack. The first node is the root. */
	readonly nodes: readonly CpuProfileNode[];
	/** In microseconds, as is `endTime`. */
	readonly startTime: number;
	readonly endTime: number;
	/** Node of each sample. */
	readonly samples: readonly number[];
	/** Time of each sample after the one before, in microseconds. The first is the time after `startTime`. */
	readonly timeDeltas: readonly number[];
}

export interface CpuProfileNode {
	/** Starts at 1. */
	readonly id: number;
	readonly callFrame: CallFrame;
	/** Number of samples at the top of whose stack this node was. */
	readonly hitCount: number;
	/** Nodes of the functions that this one called. */
	readonly children: readonly number[];
}

export interface CallFrame {
	readonly functionName: string;
	readonly scriptId: string;
	readonly url: string;
	/** -1 for a frame without a position, as is `columnNumber`. */
	readonly lineNumber: number;
	/** For WebAssembly the offset of the function's instruction in the module. */
	readonly columnNumber: number;
}

/** A frame of a sample. */
export interface ProfileFrame {
	readonly name: string;
	/** Script or module of the function. Empty for a frame of the profiler. */
	readonly url: string;
}

interface Node {
	readonly id: number;
	readonly frame: ProfileFrame;
	readonly children: Map<string, Node>;
	hits: number;
}

/** Number of nodes. Deeper frames of further stacks are left out. */
const MAX_NODES = 50_000;
/** Number of samples: 80 minutes of computing in slices of 5 ms. Later samples are counted in the tree only. */
const MAX_SAMPLES = 1_000_000;

/** Collects samples into a CPU profile. Memory is bounded: 50,000 nodes, and a million samples. */
export class CpuProfileBuilder {
	readonly #root = node(1, { name: "(root)", url: "" });
	#nodes = 1;
	readonly #samples: number[] = [];
	readonly #times: number[] = [];
	#start: number | undefined;
	#end = 0;

	/** Adds a sample. `frames` are innermost first. Times must not decrease. */
	add(timeUs: number, frames: readonly ProfileFrame[]): void {
		let current = this.#root;
		for (const frame of frames.toReversed()) current = this.#child(current, frame) ?? current;
		current.hits += 1;
		this.#start ??= timeUs;
		this.#end = Math.max(this.#end, timeUs);
		if (this.#samples.length >= MAX_SAMPLES) return;
		this.#samples.push(current.id);
		this.#times.push(this.#end);
	}

	/** @param endUs End of the run. The default is the time of the last sample. */
	toCpuProfile(endUs = this.#end): CpuProfile {
		const start = this.#start ?? 0;
		const nodes: CpuProfileNode[] = [];
		const pending = [this.#root];
		for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
			nodes.push(describe(next));
			pending.push(...next.children.values());
		}
		return {
			nodes: nodes.sort((a, b) => a.id - b.id),
			startTime: start,
			endTime: Math.max(endUs, this.#end),
			samples: this.#samples,
			timeDeltas: this.#times.map((time, index) => time - (this.#times[index - 1] ?? start)),
		};
	}

	#child(parent: Node, frame: ProfileFrame): Node | undefined {
		const key = `${frame.name}\n${frame.url}`;
		const known = parent.children.get(key);
		if (known !== undefined || this.#nodes >= MAX_NODES) return known;
		this.#nodes += 1;
		const made = node(this.#nodes, frame);
		parent.children.set(key, made);
		return made;
	}
}

function node(id: number, frame: ProfileFrame): Node {
	return { id, frame, children: new Map(), hits: 0 };
}

function describe({ id, frame, children, hits }: Node): CpuProfileNode {
	const callFrame = { functionName: frame.name, scriptId: "0", url: frame.url, lineNumber: -1, columnNumber: -1 };
	return { id, callFrame, hitCount: hits, children: [...children.values()].map((child) => child.id) };
}
