/**
 * Abort signals. The signals of `AbortSignal.timeout` compare the clock whenever their state is read, so that a guest without timers sees
 * them in time. Their event comes with the timer.
 *
 * @see https://dom.spec.whatwg.org/#aborting-ongoing-activities
 */
import { monotonicNow } from "./clock.ts";
import { DomException } from "./dom-exception.ts";
import { dispatchEvent, Event, EventTarget, type Listener } from "./event.ts";
import { setTimeout } from "./timers.ts";

/** Permits the constructor, which is not for users. */
const KEY = Symbol("AbortSignal");

/** Longest timeout, in milliseconds. */
const MAX_TIMEOUT_MS = Number.MAX_SAFE_INTEGER;

export class AbortSignal extends EventTarget {
	/** Absent: not aborted. */
	#abort: { readonly reason: unknown } | undefined;
	/** False for a signal that was found to be late by the clock, and whose event is still to come. */
	#isAnnounced = false;
	/** Time of the clock at which the signal is aborted, in milliseconds. */
	#dueMs: number | undefined;
	/** Signals that abort this one. */
	#sources: readonly AbortSignal[] = [];
	/** Signals that this one aborts. */
	readonly #dependents = new Set<AbortSignal>();
	#handler: Listener | null = null;

	constructor(key?: unknown) {
		if (key !== KEY) throw new TypeError("use an AbortController, AbortSignal.abort, AbortSignal.timeout or AbortSignal.any");
		super();
	}

	/** Returns a signal that is aborted already. */
	static abort(reason: unknown = new DomException("the operation was aborted", "AbortError")): AbortSignal {
		const signal = new AbortSignal(KEY);
		signal.#abort = { reason };
		signal.#isAnnounced = true;
		return signal;
	}

	/** Returns a signal that is aborted after `ms` milliseconds. */
	static timeout(ms: number): AbortSignal {
		const wait = Number(ms);
		if (!(wait >= 0 && wait <= MAX_TIMEOUT_MS)) throw new TypeError("a timeout must be a number of milliseconds from 0 up");
		const signal = new AbortSignal(KEY);
		signal.#dueMs = monotonicNow() + wait;
		setTimeout(() => signal.#fire(timeoutError()), wait);
		return signal;
	}

	/** Returns a signal that is aborted with the first of `signals`. */
	static any(signals: Iterable<AbortSignal>): AbortSignal {
		const all = [...signals];
		for (const signal of all) if (!(signal instanceof AbortSignal)) throw new TypeError("AbortSignal.any needs a list of AbortSignals");
		const dependent = new AbortSignal(KEY);
		const aborted = all.find((signal) => signal.aborted);
		if (aborted !== undefined) {
			dependent.#abort = { reason: aborted.reason };
			dependent.#isAnnounced = true;
			return dependent;
		}
		// A signal made by `any` stands for its own sources.
		dependent.#sources = [...new Set(all.flatMap((signal) => (signal.#sources.length > 0 ? signal.#sources : [signal])))];
		for (const source of dependent.#sources) source.#dependents.add(dependent);
		return dependent;
	}

	/** True once the signal is aborted. */
	get aborted(): boolean {
		return this.#state() !== undefined;
	}

	/** Reason of the abort. Undefined before. */
	get reason(): unknown {
		return this.#state()?.reason;
	}

	/** @throws The reason, if the signal is aborted. */
	throwIfAborted(): void {
		const state = this.#state();
		if (state !== undefined) throw state.reason;
	}

	get onabort(): ((event: Event) => unknown) | null {
		return typeof this.#handler === "function" ? this.#handler : null;
	}
	set onabort(handler: ((event: Event) => unknown) | null) {
		const next = typeof handler === "function" ? handler : null;
		// The place of the handler among the listeners is that of its first assignment.
		if (this.#handler === null && next !== null) super.addEventListener("abort", this.#callHandler);
		if (next === null) super.removeEventListener("abort", this.#callHandler);
		this.#handler = next;
	}

	override get [Symbol.toStringTag](): string {
		return "AbortSignal";
	}

	static fire(signal: AbortSignal, reason: unknown): void {
		signal.#fire(reason);
	}

	readonly #callHandler = (event: Event): void => {
		if (typeof this.#handler === "function") Reflect.apply(this.#handler, this, [event]);
	};

	/** Returns the state by events and by the clock. */
	#state(): { readonly reason: unknown } | undefined {
		if (this.#abort === undefined) {
			if (this.#dueMs !== undefined && monotonicNow() >= this.#dueMs) this.#abort = { reason: timeoutError() };
			else for (const source of this.#sources) this.#abort ??= source.#state();
		}
		return this.#abort;
	}

	/** Aborts the signal and the signals that depend on it, and dispatches their events. */
	#fire(reason: unknown): void {
		if (this.#isAnnounced) return;
		this.#abort ??= { reason };
		const affected = [this as AbortSignal, ...[...this.#dependents].filter((dependent) => !dependent.#isAnnounced)];
		for (const signal of affected) {
			signal.#abort ??= this.#abort;
			signal.#isAnnounced = true;
		}
		this.#dependents.clear();
		for (const signal of affected) dispatchEvent(signal, new Event("abort"), true);
	}
}

const { fire } = AbortSignal;
Reflect.deleteProperty(AbortSignal, "fire");

function timeoutError(): Error {
	return new DomException("the operation timed out", "TimeoutError");
}

export class AbortController {
	readonly #signal = new AbortSignal(KEY);

	get signal(): AbortSignal {
		return this.#signal;
	}

	/** Aborts the signal. Later calls have no effect. */
	abort(reason: unknown = new DomException("the operation was aborted", "AbortError")): void {
		fire(this.#signal, reason);
	}

	get [Symbol.toStringTag](): string {
		return "AbortController";
	}
}
