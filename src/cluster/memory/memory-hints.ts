import { boundedMs, checkPublication, readHint, subjectOf, writeHint } from "../hint-form.ts";
import { HINT_LIMITS, type Hint, type PresentHints, type ReceivedHint, type SharedHints } from "../hints.ts";

interface Kept {
	readonly text: string;
	/** In milliseconds of the clock of the store. */
	readonly until: number;
}

/** Hints of hosts of this process. */
export class MemoryHints implements SharedHints {
	readonly #now: () => number;
	/** By host, then by subject. */
	readonly #hosts = new Map<string, Map<string, Kept>>();
	readonly #listeners = new Set<(hint: ReceivedHint) => void>();

	/** @param now Returns milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	async publish(host: string, hints: readonly Hint[]): Promise<void> {
		checkPublication(host, hints);
		const written = hints.map((hint) => ({ subject: subjectOf(hint), text: writeHint(hint), leftMs: boundedMs(hint.leftMs) }));
		const now = this.#now();
		this.#removeEnded(now);
		const kept = this.#hosts.get(host) ?? new Map<string, Kept>();
		this.#hosts.set(host, kept);
		for (const { subject, text, leftMs } of written) kept.set(subject, { text, until: now + leftMs });
		while (kept.size > HINT_LIMITS.perHost) kept.delete(firstToEnd(kept, ({ until }) => until));
		while (this.#hosts.size > HINT_LIMITS.hosts) this.#hosts.delete(firstToEnd(this.#hosts, lastEnd));
		// Listeners may publish in turn: they are called when the call of this host is over, as with a server.
		for (const { text, leftMs } of written) queueMicrotask(() => this.#notify(host, leftMs, text));
	}

	async present(): Promise<PresentHints> {
		const now = this.#now();
		this.#removeEnded(now);
		const all = [...this.#hosts].flatMap(([host, kept]) => [...kept.values()].map(({ text, until }) => readHint(host, until - now, text)));
		const hints = all.filter((hint) => hint !== undefined).slice(0, HINT_LIMITS.present);
		return { hints, refused: 0 };
	}

	subscribe(listener: (hint: ReceivedHint) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#notify(host: string, leftMs: number, text: string): void {
		const hint = readHint(host, leftMs, text);
		if (hint !== undefined) for (const listener of this.#listeners) listener(hint);
	}

	#removeEnded(now: number): void {
		for (const [host, kept] of this.#hosts) {
			for (const [subject, { until }] of kept) if (until <= now) kept.delete(subject);
			if (kept.size === 0) this.#hosts.delete(host);
		}
	}
}

function lastEnd(kept: ReadonlyMap<string, Kept>): number {
	return Math.max(...[...kept.values()].map(({ until }) => until));
}

function firstToEnd<V>(map: ReadonlyMap<string, V>, end: (value: V) => number): string {
	let [first, earliest] = ["", Number.POSITIVE_INFINITY];
	for (const [key, value] of map) {
		const at = end(value);
		if (at < earliest) [first, earliest] = [key, at];
	}
	return first;
}
