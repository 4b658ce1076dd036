import { FileWork } from "./file-work.ts";

/** Turns of the event loop after which all work that is ready has proceeded. */
const SETTLING_TURNS = 3;

interface VirtualTimer {
	at: number;
	readonly order: number;
	readonly everyMs: number | undefined;
	readonly fire: () => void;
}

const realTimeout = globalThis.setTimeout;
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Time of a thread that passes only while `run` waits: from timer to timer, without delay. */
export class VirtualTime {
	#now = 0;
	#order = 0;
	readonly #timers = new Map<TimerHandle, VirtualTimer>();
	readonly #files = new FileWork();

	/** Milliseconds that have passed. */
	get now(): number {
		return this.#now;
	}

	/** Replaces the timers and the clocks of this thread. */
	install(): void {
		const start = Date.now();
		const set =
			(everyMs: boolean) =>
			(fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
				const delay = Math.max(Number(ms) || 0, 1);
				const handle = new TimerHandle(this.#timers);
				this.#timers.set(handle, {
					at: this.#now + delay,
					order: this.#order++,
					everyMs: everyMs ? delay : undefined,
					fire: () => fire(...args),
				});
				return handle;
			};
		const clear = (handle: unknown): void => void (handle instanceof TimerHandle && this.#timers.delete(handle));
		Object.assign(globalThis, { setTimeout: set(false), setInterval: set(true), clearTimeout: clear, clearInterval: clear });
		this.#files.install();
		Date.now = () => start + Math.floor(this.#now);
		performance.now = () => this.#now;
	}

	/** Waits for `work`. While the thread has nothing to do, the time passes to the next timer. */
	async run<T>(work: Promise<T>, isBusy: () => boolean): Promise<T> {
		let isDone = false;
		const done = (): void => {
			isDone = true;
		};
		work.then(done, done);
		for (;;) {
			for (let turns = 0; turns < SETTLING_TURNS && !isDone; turns += 1) await turn();
			if (isDone) return work;
			if (isBusy() || this.#files.isInFlight) await new Promise((resolve) => realTimeout(resolve, 1));
			else if (!this.#fireNext()) await new Promise((resolve) => realTimeout(resolve, 1));
		}
	}

	/** Moves the time, for a guest that asks again and again without waiting. */
	pass(ms: number): void {
		const end = this.#now + ms;
		for (let due = this.#next(); due !== undefined && due[1].at <= end; due = this.#next()) this.#fire(due);
		this.#now = end;
	}

	#fireNext(): boolean {
		const due = this.#next();
		if (due !== undefined) this.#fire(due);
		return due !== undefined;
	}

	#fire([handle, timer]: readonly [TimerHandle, VirtualTimer]): void {
		this.#now = Math.max(this.#now, timer.at);
		if (timer.everyMs === undefined) this.#timers.delete(handle);
		else timer.at += timer.everyMs;
		timer.fire();
	}

	#next(): readonly [TimerHandle, VirtualTimer] | undefined {
		let first: readonly [TimerHandle, VirtualTimer] | undefined;
		for (const entry of this.#timers) {
			const [, { at, order }] = entry;
			if (first === undefined || at < first[1].at || (at === first[1].at && order < first[1].order)) first = entry;
		}
		return first;
	}
}

/** A timer, with the methods of Node's timers. */
class TimerHandle {
	readonly #timers: Map<TimerHandle, VirtualTimer>;

	constructor(timers: Map<TimerHandle, VirtualTimer>) {
		this.#timers = timers;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	hasRef(): boolean {
		return false;
	}

	refresh(): this {
		return this;
	}

	close(): this {
		this.#timers.delete(this);
		return this;
	}

	[Symbol.dispose](): void {
		this.close();
	}
}
