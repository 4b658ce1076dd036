/**
 * Promises whose reactions run as microtasks of the platform. The reactions of the engine's own promises would never run.
 *
 * The class derives from the engine's class. The class replaces the constructor and `then`, and the engine's combinators call these.
 *
 * @see https://tc39.es/ecma262/#sec-promise-objects
 */
import { queueMicrotask } from "./microtasks.ts";
import { reportError } from "./report-error.ts";

interface Reaction {
	readonly fulfilled: (value: unknown) => void;
	readonly rejected: (reason: unknown) => void;
}

type State =
	| { readonly is: "pending"; readonly reactions: Reaction[] }
	| { readonly is: "fulfilled"; readonly value: unknown }
	| { readonly is: "rejected"; readonly reason: unknown };

/** Rejected promises without a handler. */
const unhandled = new Set<GuestPromise<unknown>>();

type Constructor<T> = new (executor: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void) => Promise<T>;

class GuestPromise<T> extends globalThis.Promise<T> {
	#state: State = { is: "pending", reactions: [] };

	constructor(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void) {
		if (typeof executor !== "function") throw new TypeError("a promise needs a function");
		super(() => {});
		const { resolve, reject } = this.#resolvers();
		try {
			executor(resolve, reject);
		} catch (thrown) {
			reject(thrown);
		}
	}

	// biome-ignore lint/suspicious/noThenProperty: this is a promise
	override then<A = T, B = never>(
		onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
		onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
	): Promise<A | B> {
		let settle: { resolve(value: unknown): void; reject(reason: unknown): void } | undefined;
		const derived = new (speciesOf<A | B>(this))((resolve, reject) => {
			settle = { resolve: resolve as (value: unknown) => void, reject };
		});
		const { resolve, reject } = settle ?? missing();
		const handler =
			(run: unknown, otherwise: (value: unknown) => void) =>
			(value: unknown): void => {
				if (typeof run !== "function") {
					otherwise(value);
					return;
				}
				let result: unknown;
				try {
					result = run(value);
				} catch (thrown) {
					reject(thrown);
					return;
				}
				resolve(result);
			};
		this.#react({ fulfilled: handler(onFulfilled, resolve), rejected: handler(onRejected, reject) });
		return derived;
	}

	#react(reaction: Reaction): void {
		unhandled.delete(this);
		const state = this.#state;
		if (state.is === "pending") state.reactions.push(reaction);
		else if (state.is === "fulfilled") queueMicrotask(() => reaction.fulfilled(state.value));
		else queueMicrotask(() => reaction.rejected(state.reason));
	}

	/** Returns the functions that settle this promise. Only the first call of either has an effect. */
	#resolvers(): { resolve: (value: unknown) => void; reject: (reason: unknown) => void } {
		let done = false;
		const once =
			(settle: (value: unknown) => void) =>
			(value: unknown): void => {
				if (done) return;
				done = true;
				settle(value);
			};
		return { resolve: once((value) => this.#resolve(value)), reject: once((reason) => this.#reject(reason)) };
	}

	#resolve(value: unknown): void {
		let then: unknown;
		try {
			if (value === this) throw new TypeError("a promise cannot be resolved with itself");
			const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
			then = isObject ? (value as { readonly then?: unknown }).then : undefined;
		} catch (thrown) {
			this.#reject(thrown);
			return;
		}
		if (typeof then === "function") this.#follow(value, then);
		else this.#settle({ is: "fulfilled", value });
	}

	/** Settles as another promise does. */
	#follow(promise: unknown, then: unknown): void {
		const { resolve, reject } = this.#resolvers();
		queueMicrotask(() => {
			try {
				Reflect.apply(then as () => unknown, promise, [resolve, reject]);
			} catch (thrown) {
				reject(thrown);
			}
		});
	}

	#reject(reason: unknown): void {
		if (this.#state.is === "pending" && this.#state.reactions.length === 0) unhandled.add(this);
		this.#settle({ is: "rejected", reason });
	}

	#settle(state: Exclude<State, { is: "pending" }>): void {
		const { reactions } = this.#state as Extract<State, { is: "pending" }>;
		this.#state = state;
		for (const { fulfilled, rejected } of reactions)
			queueMicrotask(() => (state.is === "fulfilled" ? fulfilled(state.value) : rejected(state.reason)));
	}

	static reasonOf(promise: GuestPromise<unknown>): unknown {
		return promise.#state.is === "rejected" ? promise.#state.reason : undefined;
	}
}

const { reasonOf } = GuestPromise;
Reflect.deleteProperty(GuestPromise, "reasonOf");
Object.defineProperty(GuestPromise, "name", { value: "Promise", configurable: true });

/** Returns the constructor of promises derived from `promise`. */
function speciesOf<T>(promise: object): Constructor<T> {
	const { constructor: maker } = promise as { readonly constructor: unknown };
	if (maker === undefined) return GuestPromise;
	const species = (maker as { readonly [Symbol.species]?: unknown })[Symbol.species];
	return species === undefined || species === null ? GuestPromise : (species as Constructor<T>);
}

function missing(): never {
	throw new TypeError("the constructor of a promise did not call its executor");
}

/** Makes `Promise` of this module the global one. */
export function installPromise(): void {
	Object.defineProperty(globalThis, "Promise", { value: GuestPromise, writable: true, configurable: true });
}

/** Logs the rejected promises that have no handler. */
export function reportUnhandled(): void {
	for (const promise of unhandled) reportError(reasonOf(promise), "unhandled rejection of a promise");
	unhandled.clear();
}
