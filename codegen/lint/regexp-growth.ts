import { type Pattern, parsePattern } from "./regexp-syntax.ts";

/** A character of the pattern, as a state: the character was just read. */
interface State {
	readonly id: number;
	readonly source: string;
	/** Sample characters that lead here. */
	readonly set: readonly boolean[];
	/** States that the next character may lead to. The same state twice is two ways. */
	next: State[];
	/** True if the match can end here, whatever follows. */
	accepts: boolean;
}

/** Most steps of a proof. A pattern that needs more is refused. */
const MAX_STEPS = 200_000;

/** Most ways through the choices and optional parts of a pattern. Each may be tried for the same text. */
const MAX_WAYS = 1_000;

class TooComplex extends Error {}

/** Steps that are left for a proof. */
class Steps {
	#left = MAX_STEPS;

	take(): void {
		this.#left -= 1;
		if (this.#left < 0) throw new TooComplex();
	}
}

export interface GrowthOptions {
	/**
	 * - `character`: a quantifier with a bound counts as one character, because it costs a constant factor. The default.
	 * - `loop`: it counts as one without, because the factor may be large: `(a{1,30}){1,30}`. So may be that of choices: `(a|a)(a|a)…`.
	 */
	readonly bounded?: "character" | "loop";
}

/** Characters that stand for all others of their kind. */
const SAMPLES: readonly string[] = [
	...Array.from({ length: 0x180 }, (_, code) => String.fromCodePoint(code)),
	..."\u2003\u2028\u202e\u3042\ufeff\ufffe\u{1f600}\ud800",
];

/**
 * Returns the reason for which a regular expression may need more than linear time, or `undefined` for a proof that it does not.
 *
 * Backtracking costs more than linear time only if a text can be divided in several ways between two loops. In the automaton of the
 * pattern, such loops are two states `p` and `q`. The same text leads from `p` to `p`, from `p` to `q`, and from `q` to `q`.
 *
 * - The search for the beginning of a match is a loop too, which reads any text.
 * - A loop from which the match can end at once never makes the match fail, so that loop is free.
 *
 * @see Weber and Seidl, "On the degree of ambiguity of finite automata", 1991
 */
export function growthFault(pattern: RegExp, options: GrowthOptions = {}): string | undefined {
	try {
		return faultOf(pattern, options);
	} catch (cause) {
		if (cause instanceof TooComplex) return "it is too complex for a proof";
		throw cause;
	}
}

function faultOf(pattern: RegExp, { bounded = "character" }: GrowthOptions): string | undefined {
	if (bounded === "loop" && waysOf(parsePattern(pattern.source)) > MAX_WAYS) return "its choices and optional parts can match in many ways";
	const steps = new Steps();
	const states = automaton(pattern, bounded, steps);
	const reached = new Map(states.map((state) => [state, reachable(state)]));
	const leads = (from: State, to: State): boolean => reached.get(from)?.has(to) === true;
	const loops = states.filter((state) => leads(state, state) && !state.accepts);
	for (const p of loops) {
		if (p.next.some((next, index) => leads(next, p) && !next.accepts && p.next.indexOf(next) !== index))
			return `${p.source} is in nested loops`;
		for (const q of loops) {
			if (p === q || !leads(p, q)) continue;
			if (share(p, q, leads, steps)) return `${p.source} and ${q.source} can divide a text in many ways`;
		}
	}
	return undefined;
}

/** Returns true if a text leads from `p` to `p`, from `p` to `q` and from `q` to `q`. */
function share(p: State, q: State, leads: (from: State, to: State) => boolean, steps: Steps): boolean {
	const seen = new Set<string>();
	const open: (readonly [State, State, State])[] = [[p, p, q]];
	for (let triple = open.pop(); triple !== undefined; triple = open.pop()) {
		const [first, second, third] = triple;
		for (const a of new Set(first.next.filter((state) => leads(state, p)))) {
			for (const c of new Set(third.next.filter((state) => leads(state, q)))) {
				steps.take();
				const both = a.set.map((has, index) => has && c.set[index] === true);
				if (!both.includes(true)) continue;
				for (const b of new Set(second.next.filter((state) => leads(state, q)))) {
					if (!both.some((has, index) => has && b.set[index] === true)) continue;
					if (a === p && b === q && c === q) return true;
					const key = `${a.id} ${b.id} ${c.id}`;
					if (!seen.has(key)) open.push([a, b, c]);
					seen.add(key);
				}
			}
		}
	}
	return false;
}

function reachable(from: State): ReadonlySet<State> {
	const found = new Set<State>();
	const open = [...from.next];
	for (let state = open.pop(); state !== undefined; state = open.pop()) {
		if (found.has(state)) continue;
		found.add(state);
		open.push(...state.next);
	}
	return found;
}

/** A place between characters, with the ways on from it. */
interface Place {
	readonly ways: ({ readonly to: Place; readonly through: "nothing" | "guard" | "begin" } | { readonly to: State })[];
}

/** Returns the states of a pattern. The first is the search for the beginning of a match, unless the flag `y` fixes it. */
function automaton({ source, flags }: RegExp, bounded: "character" | "loop", steps: Steps): State[] {
	const classFlags = flags.replace(/[^ius]/g, "");
	const after = new Map<State, Place>();
	const end: Place = { ways: [] };

	const build = (pattern: Pattern, from: Place, to: Place): void => {
		switch (pattern.kind) {
			case "character": {
				const one = new RegExp(`^(?:${pattern.source})$`, classFlags);
				const state: State = {
					id: after.size + 1,
					source: pattern.source,
					set: SAMPLES.map((sample) => one.test(sample)),
					next: [],
					accepts: false,
				};
				after.set(state, to);
				from.ways.push({ to: state });
				break;
			}
			case "guard":
				from.ways.push({ to, through: "guard" });
				break;
			case "begin":
				from.ways.push({ to, through: flags.includes("m") ? "guard" : "begin" });
				break;
			case "ahead":
				build(pattern.body, from, { ways: [] });
				from.ways.push({ to, through: "guard" });
				break;
			case "sequence": {
				let place = from;
				for (const item of pattern.items) {
					const next: Place = { ways: [] };
					build(item, place, next);
					place = next;
				}
				place.ways.push({ to, through: "nothing" });
				break;
			}
			case "choice":
				for (const item of pattern.items) build(item, from, to);
				break;
			case "repeat": {
				const [start, stop]: [Place, Place] = [{ ways: [] }, { ways: [] }];
				from.ways.push({ to: start, through: "nothing" });
				build(pattern.body, start, stop);
				if (isLoop(pattern, bounded)) stop.ways.push({ to: start, through: "nothing" });
				stop.ways.push({ to, through: "nothing" });
				if (pattern.min === 0) from.ways.push({ to, through: "nothing" });
			}
		}
	};

	const begin: Place = { ways: [] };
	build(parsePattern(source), begin, end);
	for (const [state, place] of after) Object.assign(state, onFrom(place, end, steps));
	const states = [...after.keys()];
	if (flags.includes("y")) return states;
	const search: State = { id: 0, source: "the search for a beginning", set: SAMPLES.map(() => true), next: [], accepts: false };
	search.next = [search, ...onFrom(begin, end, steps).next];
	return [search, ...states];
}

/** Number of ways through a pattern outside its loops. */
function waysOf(pattern: Pattern): number {
	switch (pattern.kind) {
		case "sequence":
			return pattern.items.reduce((product, item) => product * waysOf(item), 1);
		case "choice":
			return pattern.items.reduce((sum, item) => sum + waysOf(item), 0);
		case "repeat":
			return waysOf(pattern.body) + (pattern.min === 0 ? 1 : 0);
		case "ahead":
			return waysOf(pattern.body);
		default:
			return 1;
	}
}

function isLoop({ body, min, max }: Extract<Pattern, { kind: "repeat" }>, bounded: "character" | "loop"): boolean {
	if (max === Number.POSITIVE_INFINITY) return true;
	return bounded === "loop" && max > 1 && !(min === max && body.kind === "character");
}

/** Returns the states after a place, once for each way without a circle. `accepts` tells if the end can be reached for certain. */
function onFrom(place: Place, end: Place, steps: Steps): Pick<State, "next" | "accepts"> {
	const next: State[] = [];
	let accepts = false;
	const visit = (at: Place, path: ReadonlySet<Place>, certain: boolean): void => {
		steps.take();
		if (at === end) accepts ||= certain;
		for (const way of at.ways) {
			if (!("through" in way)) next.push(way.to);
			else if (way.through !== "begin" && !path.has(way.to)) {
				visit(way.to, new Set([...path, way.to]), certain && way.through === "nothing");
			}
		}
	};
	visit(place, new Set([place]), true);
	return { next, accepts };
}
