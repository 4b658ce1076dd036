import { RecentMap } from "../../../collections/recent-map.ts";

/** Largest number of models to remember. A guest may name any model where the configuration names none. */
const MAX_MODELS = 256;

/**
 * Time until a refused member is tried again, in milliseconds: ten minutes. Otherwise an upstream that refused a member for one request
 * only would never receive it again, and neither would an upstream that has learned it.
 */
const REMEMBERED_MS = 600_000;

/** Times until which the members are left out. */
type Members = ReadonlyMap<string, number>;

/**
 * Members that the upstream of one instance refuses, by model. An entry is made only after a request without the member succeeded, so the
 * text of a guest cannot make one. Models beyond the bound replace those that were used least recently, which then cost one more refusal.
 */
export class RefusedMembers {
	readonly #byModel = new RecentMap<string, Members>(MAX_MODELS);
	readonly #now: () => number;

	/** @param now Returns the time, in milliseconds. The default is the process's monotonic clock. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	/** Returns the members that a model is known to refuse. */
	of(model: string): ReadonlySet<string> {
		const now = this.#now();
		const members = this.#byModel.get(model) ?? NONE;
		if (members.size > 0) this.#byModel.set(model, members);
		return new Set([...members].filter(([, until]) => now < until).map(([name]) => name));
	}

	/** Remembers that a model refuses these members. */
	add(model: string, members: Iterable<string>): void {
		const until = this.#now() + REMEMBERED_MS;
		const former = this.#byModel.get(model) ?? NONE;
		this.#byModel.set(model, new Map([...former, ...[...members].map((name) => [name, until] as const)]));
	}
}

const NONE: Members = new Map();
