import type { Operation } from "../../../../generated/ir/operations.ts";
import type { Key } from "../../instances/keys/key.ts";

/** Guests whose requests are the evidence: `none` if no request can cause the failures, `several`, or the digest of the only guest. */
export type PeerGuests = string;

/** A change of the state of a backend or a key, for the other hosts. */
export type PeerSignal = BackendSignal | KeySignal;

export interface BackendSignal {
	readonly kind: "failing" | "breaker_open" | "breaker_closed";
	/** Name of the instance. */
	readonly instance: string;
	readonly operation: Operation;
	/** Failures in a row. */
	readonly failures: number;
	readonly guests: PeerGuests;
	/** Time for which the state lasts, in milliseconds. */
	readonly leftMs: number;
}

export interface KeySignal {
	readonly kind: "key_rejected" | "key_cooldown";
	/** Name of the instance. */
	readonly instance: string;
	readonly key: Key;
	readonly guests: PeerGuests;
	/** Time for which the key is not used, in milliseconds. */
	readonly leftMs: number;
}

/** A hint of another host. The router trusts none of its values. */
export type PeerHint = BackendHint | KeyHint;

export interface BackendHint extends Omit<BackendSignal, "operation"> {
	/** Name of the other host. */
	readonly host: string;
	readonly operation: string;
}

export interface KeyHint extends Omit<KeySignal, "key"> {
	/** Name of the other host. */
	readonly host: string;
	/** Number of the key at this host. */
	readonly key: number;
	/** True if the value of the key is surely that of the other host. Only then the reports of two hosts add up. */
	readonly isSameValue: boolean;
}

/**
 * | effect | meaning |
 * | --- | --- |
 * | `applied` | the hint is evidence now |
 * | `unknown` | this host has no such backend, operation or key |
 * | `invalid` | a value is out of range |
 * | `discounted` | hints of the host were wrong before, and are ignored for a while |
 */
export type HintEffect = "applied" | "unknown" | "invalid" | "discounted";

/** The receiver of what the router tells other hosts. */
export interface PeerListener {
	/** Called with each change. Must not throw. */
	onSignal(signal: PeerSignal): void;
	/** Called when a trial of this host has shown that a hint of another host was wrong. */
	onRefuted?(host: string): void;
}

export interface PeerOptions extends PeerListener {
	/** Returns the name of this host, which may change. */
	host(): string;
	/** Returns the digest of a guest's id. Equal on all hosts. */
	digestOf(guest: string): PeerGuests;
	/** Returns the number of hosts. The default, and for `undefined`, is 4. */
	hosts?(): number | undefined;
}
