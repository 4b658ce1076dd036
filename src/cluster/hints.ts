/** Bounds of the room. */
export const HINT_LIMITS = {
	/** Longest time for which a hint is kept, in milliseconds. */
	maxKeepMs: 600_000,
	/** Most hints of one host. Beyond it, those that end first are dropped. */
	perHost: 256,
	/** Most hosts with hints. Beyond it, the host whose hints end first is dropped. */
	hosts: 1_024,
	/** Most hints that `present` returns. */
	present: 4_096,
	/** Largest hint, in bytes. */
	bytes: 1_024,
	/** Most hints of one call. */
	perCall: 64,
} as const;

/**
 * Reports of hosts to each other, on backends and keys. A hint is no command: each host decides by itself, and tries.
 *
 * A newer hint of a host about the same backend, operation or key replaces the older one. Hints end by the time of the store.
 */
export interface SharedHints {
	/**
	 * Keeps hints, and sends them to all hosts.
	 *
	 * @param host Name of this host.
	 * @param hints At most 64. `leftMs` is bounded to 1 to 600,000.
	 * @throws StoreError
	 */
	publish(host: string, hints: readonly Hint[]): Promise<void>;
	/** Returns the hints that have not ended, of all hosts. Values that no host of this version wrote are left out. @throws StoreError */
	present(): Promise<PresentHints>;
	/**
	 * Calls `listener` with each hint, those of this host included. Hints may be lost: callers read `present` after a reconnection, and from time to
	 * time. Returns the function that ends that.
	 */
	subscribe(listener: (hint: ReceivedHint) => void): () => void;
}

/**
 * | kind | meaning |
 * | --- | --- |
 * | `failing` | requests fail, and the breaker has not opened |
 * | `breaker_open` | the breaker for all guests has opened, or a trial has failed |
 * | `breaker_closed` | the backend serves again; ends the two above |
 * | `key_rejected` | the upstream rejects the key |
 * | `key_cooldown` | the upstream asked to wait, or the quota of the key is exhausted |
 */
export type HintKind = "failing" | "breaker_open" | "breaker_closed" | "key_rejected" | "key_cooldown";

/** A hint of one host. */
export interface Hint {
	readonly kind: HintKind;
	/** Name of the backend. */
	readonly backend: string;
	/** Operation; "" for a hint on a key, which all operations use. */
	readonly operation: string;
	/** Digest that identifies a key; "" for a hint on a backend. Never the key, and nothing from which the key could be guessed. */
	readonly key: string;
	/** Failures in a row, from 0 to 100. 0 for a hint on a key. */
	readonly failures: number;
	/** `none`: no request can cause the failures. `several`: several guests had them. Else the digest of the only guest. */
	readonly guests: string;
	/** Rest of its time, in milliseconds. */
	readonly leftMs: number;
}

/** A hint as another host receives it. */
export interface ReceivedHint extends Hint {
	/** Name of the host that published the hint. */
	readonly host: string;
}

export interface PresentHints {
	readonly hints: readonly ReceivedHint[];
	/** Number of values that were refused. */
	readonly refused: number;
}
