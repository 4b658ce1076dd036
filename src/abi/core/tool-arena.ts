import { EFAULT, ENOSPC } from "../../../generated/hostcall/core/errno.ts";

/** Place in the guest's memory where tools exchange bytes with the host. */
export interface Arena {
	readonly pointer: number;
	/** Length, in bytes. */
	readonly length: number;
}

/** Places of one call of a tool. All are addresses in the guest's memory. */
export interface ToolPlaces {
	readonly input: number;
	readonly output: number;
	/** Bytes at `output` that the tool may write. */
	readonly capacity: number;
	/** Address of the length of the output, as `u32`. */
	readonly outputLength: number;
}

/** Bytes at the end of an arena that hold the length of the output and its padding. */
const LENGTH_BYTES = 8;

/**
 * Divides an arena: the input and a NUL, the output, and the length of the output. The parts begin at multiples of 8, counted from the start of the
 * arena.
 *
 * @param inputBytes Length of the input.
 * @param maxOutputBytes Most bytes of the output.
 * @returns The places; `EFAULT` for an arena that is none, and `ENOSPC` for one without room for any output.
 */
export function divideArena(arena: Arena, inputBytes: number, maxOutputBytes: number): ToolPlaces | typeof EFAULT | typeof ENOSPC {
	const { pointer, length } = arena;
	if (!Number.isSafeInteger(pointer) || !Number.isSafeInteger(length) || pointer <= 0 || length <= 0) return EFAULT;
	const output = align8(inputBytes + 1);
	return place(arena, output, Math.min(Math.max(0, length - output - LENGTH_BYTES), maxOutputBytes));
}

/**
 * Returns the places for an output of another capacity, after the tool has asked for it.
 *
 * @returns `ENOSPC` if the arena has no room for it, or the host allows less.
 */
export function resizeOutput(arena: Arena, places: ToolPlaces, capacity: number, maxOutputBytes: number): ToolPlaces | typeof ENOSPC {
	const output = places.output - arena.pointer;
	if (capacity > maxOutputBytes || capacity > arena.length - output - LENGTH_BYTES) return ENOSPC;
	return place(arena, output, capacity);
}

function place({ pointer, length }: Arena, output: number, capacity: number): ToolPlaces | typeof ENOSPC {
	const outputLength = output + align8(capacity);
	if (capacity <= 0 || outputLength + 4 > length) return ENOSPC;
	return { input: pointer, output: pointer + output, capacity, outputLength: pointer + outputLength };
}

function align8(offset: number): number {
	return Math.ceil(offset / 8) * 8;
}
