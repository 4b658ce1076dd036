import { GuestMap } from "../../resilience/guests/guest-map.ts";
import { EMBEDDER, type Witness } from "../../resilience/guests/witness.ts";
import type { Suspicion } from "../../resilience/peers/suspicion.ts";
import { DecayingCount } from "./decaying-count.ts";
import { KeyState } from "./key-state.ts";

/** The source of one key. */
export interface KeySource {
	/** Returns the current key; `undefined` if it is not set. Called for each request, so that a rotated key takes effect at once. */
	read(): string | undefined;
	/**
	 * Name of the key, such as its environment variable, for the host's log and for embedders. Never reaches a guest. The default is the
	 * position of the key.
	 */
	readonly name?: string;
}

/**
 * An API key of an instance, and its state. An instance that needs no key has one without a source. A rejection or a cooldown that one
 * guest alone has met holds for that guest only. When another guest meets one too, it holds for all. Upstreams use the statuses for keys and
 * quotas also for requests that they refuse.
 */
export class Key {
	/** Position among the instance's keys, from 1. Logs and explanations identify the key by it. */
	readonly number: number;
	readonly #source: KeySource | undefined;
	readonly #errors = new DecayingCount();
	#shared = new KeyState();
	/** Created for the first guest that needs it. */
	#own: GuestMap<KeyState> | undefined;
	/** The guest that alone has met the shared state; `undefined` for several, or for none. */
	#metBy: string | undefined;
	/** `undefined` unless another host has reported a rejection or a cooldown. */
	#suspected: { readonly value: string | undefined; readonly suspicion: Suspicion } | undefined;

	constructor(number: number, source: KeySource | undefined) {
		this.number = number;
		this.#source = source;
	}

	/** Name for the host's log and for embedders. Never reaches a guest. `undefined` for an instance that needs no key. */
	get name(): string | undefined {
		return this.#source === undefined ? undefined : (this.#source.name ?? `key ${this.number}`);
	}

	/** True if the key is set, and for an instance that needs none. */
	get present(): boolean {
		return this.#source === undefined || this.#source.read() !== undefined;
	}

	/** The current value; `undefined` if the key is not set or the instance needs none. */
	get value(): string | undefined {
		return this.#source?.read();
	}

	/**
	 * Returns true if the upstream rejected the current value and the key is not to be tried again yet.
	 *
	 * @param guest Guest whose own rejections count too. The default is none.
	 */
	isRejected(now: number, guest?: string): boolean {
		const { value } = this;
		return this.#shared.isRejected(now, value) || (this.#ownState(guest)?.isRejected(now, value) ?? false);
	}

	/**
	 * Returns the time from which the key may be used: 0 for now, `Infinity` for a key that is not set.
	 *
	 * @param guest Guest whose own rejections and cooldowns count too. The default is none.
	 */
	unavailableUntil(now: number, guest?: string): number {
		const { value } = this;
		if (value === undefined && this.#source !== undefined) return Number.POSITIVE_INFINITY;
		const own = this.#ownState(guest);
		const until = this.#shared.unavailableUntil(now, value);
		return own === undefined ? until : Math.max(until, own.unavailableUntil(now, value));
	}

	/** The guest that alone has met the state for all guests, because no other guest sends requests; `undefined` for several. */
	get metBy(): string | undefined {
		return this.#metBy;
	}

	/** Returns the suspicion of the current value that other hosts have raised; `undefined` for none. */
	suspicionAt(now: number): Suspicion | undefined {
		const suspected = this.#suspected;
		if (suspected === undefined) return undefined;
		if (suspected.value === this.value && suspected.suspicion.isActive(now)) return suspected.suspicion;
		this.#suspected = undefined;
		return undefined;
	}

	/** Begins a suspicion of the current value, or ends it with `undefined`. */
	suspect(suspicion: Suspicion | undefined): void {
		if (this.#suspected?.suspicion !== suspicion) this.#suspected?.suspicion.end();
		this.#suspected = suspicion === undefined ? undefined : { value: this.value, suspicion };
	}

	/** Returns the time from which a request may try a suspected key: 0 for now, and without a suspicion. */
	suspectedUntil(now: number): number {
		return this.#suspected === undefined ? 0 : (this.suspicionAt(now)?.blockedUntil(now) ?? 0);
	}

	/** Records the start of a request. Returns the suspicion under which it begins; `undefined` for none. */
	begin(now: number): Suspicion | undefined {
		if (this.#suspected === undefined) return undefined;
		const suspicion = this.suspicionAt(now);
		suspicion?.begin(now);
		return suspicion;
	}

	/** True if a rejection or a cooldown holds for one guest only. */
	get hasOwnStates(): boolean {
		return this.#own !== undefined;
	}

	/** Returns the number of rejections and exhausted quotas; recent ones weigh more. */
	recentErrors(now: number): number {
		return this.#errors.at(now);
	}

	/**
	 * Records a success: the next cooldown or rejection starts with its first time.
	 *
	 * @param guest Guest whose request succeeded. The default is the embedder.
	 */
	recordSuccess(guest = EMBEDDER.guest): void {
		this.#shared.recordSuccess();
		this.#ownState(guest)?.recordSuccess();
	}

	/**
	 * Records that the upstream rejected the key (401 or 403).
	 *
	 * @param used Value that the request was sent with. The default is the current value.
	 * @param witness The guest of the request. The default is the embedder, alone.
	 */
	markRejected(now: number, used: string | undefined = this.value, witness = EMBEDDER): void {
		this.#errors.add(now);
		// An instance that needs no key has none to stop using.
		if (this.#source === undefined) return;
		// The key has changed since the request was sent.
		if (used !== this.value) return;
		this.#ownStateOf(witness)?.markRejected(now, used);
		const isMet = witness.alone || this.#own?.someOther(witness.guest, (other) => other.isRejected(now, used));
		if (isMet === true) this.#shared.markRejected(now, used);
	}

	/**
	 * Records that the upstream asked to wait or that the key's quota is exhausted (429).
	 *
	 * @param ms Time to wait, in milliseconds. `undefined` if the upstream named none.
	 * @param used Value that the request was sent with. The default is the current value.
	 * @param witness The guest of the request. The default is the embedder, alone.
	 */
	coolDown(now: number, ms: number | undefined, used: string | undefined = this.value, witness = EMBEDDER): void {
		this.#errors.add(now);
		if (used !== this.value) return;
		this.#ownStateOf(witness)?.coolDown(now, ms, used);
		if (witness.alone) {
			this.#shared.coolDown(now, ms, used);
			return;
		}
		const othersMs = this.#own?.maxOfOthers(witness.guest, (other) => other.cooldownMs(now, used)) ?? 0;
		// All guests wait no longer than two of them were asked to.
		if (othersMs > 0) this.#shared.coolDown(now, ms === undefined ? undefined : Math.min(ms, othersMs), used);
	}

	/** Excludes the key until then because its own rate limit is used up. Counts no error. Never shortens a cooldown. */
	coolDownUntil(then: number): void {
		this.#shared.coolDownUntil(then, this.value);
	}

	/** Leaves to a guest what its requests alone have met. Called when the guest is not alone any more. */
	separate(): void {
		if (this.#suspected?.suspicion.guest !== undefined) this.suspect(undefined);
		if (this.#metBy === undefined) return;
		this.#own ??= new GuestMap();
		this.#own.set(this.#metBy, this.#shared);
		this.#shared = new KeyState();
		this.#metBy = undefined;
	}

	/** The state of a guest that is not alone. Notes on what evidence the shared state is based. */
	#ownStateOf({ guest, alone }: Witness): KeyState | undefined {
		this.#metBy = alone ? guest : undefined;
		if (alone) return undefined;
		this.#own ??= new GuestMap();
		return this.#own.touch(guest, () => new KeyState());
	}

	#ownState(guest: string | undefined): KeyState | undefined {
		return guest === undefined ? undefined : this.#own?.get(guest);
	}
}
