import type * as types from "test:kit/types@1.2.0";

/**
 * Colours.
 *
 * - `dark-red`: Like fire.
 */
export type Colour = "dark-red" | "blue";

export interface Bits {
	oneBit?: boolean | undefined;
	two?: boolean | undefined;
}

export type Shape = { tag: "nothing" } | { tag: "words"; val: string } | { tag: "maybe"; val?: Colour | null | undefined };

/** Only goes to the host. */
export interface Sent {
	vectors: readonly (readonly number[] | Float32Array)[];
	bytes: Uint8Array;
	names: readonly string[];
	holes: readonly (string | null | undefined)[];
	name?: string | null | undefined;
	nested: { tag: "some"; val: number | null | undefined } | { tag: "none" };
	bits: Bits;
}

/** Only comes from the host. */
export interface Received {
	vectors: number[][];
	numbers: number[];
	name: string | null;
	nested: { tag: "some"; val: number | null } | { tag: "none" };
	outcome: { tag: "ok"; val: number } | { tag: "err"; val: string };
	pair: [string, number | null];
}

export interface Both {
	name?: string | null | undefined;
	numbers: number[];
	shape: Shape;
}

/** A thing. */
export class Thing {
	private constructor();

	/**
	 * Opens one.
	 *
	 * @throws {types.HostcallError}
	 */
	static open(name: string | null | undefined): Thing;

	touch(other: Thing, letter: string): boolean;

	/** Drops the handle. Nothing but this, again, may be done with it afterwards. */
	[Symbol.dispose](): void;
}

/**
 * Trades.
 *
 * @throws {types.HostcallError}
 */
export function trade(a: Sent, b: Both): Received;

export function back(): Both;

/** @throws an object whose `payload` is `string` */
function delete_(default_: string): void;
export { delete_ as delete };
