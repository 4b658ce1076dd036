import { ByteWriter } from "./byte-writer.ts";

/** Indices, in the rewritten module, of the parts that the metering adds. */
export interface MeterParts {
	/** Type of `yield`, of `check`, and of the function that charges. Consecutive. */
	readonly firstType: number;
	readonly check: number;
	readonly yield: number;
	/** Called when the counter is below zero. */
	readonly slowPath: number;
	/** Charges the counter by a length. */
	readonly charge: number;
	/** The counter. */
	readonly counter: number;
}

/** Types of the added functions: `yield: () -> ()`, `check: () -> i32`, and the charge `(length: i32, shift: i32) -> (length: i32)`. */
export const ADDED_TYPES: readonly (readonly number[])[] = [
	[0x60, 0, 0],
	[0x60, 0, 1, 0x7f],
	[0x60, 2, 0x7f, 0x7f, 1, 0x7f],
];

/** Memory operations charge a unit for each KiB, at about 0.1 µs. Table operations charge a unit for 16 entries. */
const MEMORY_SHIFT = 10;
const TABLE_SHIFT = 4;

/** Charge for growth of a memory, in units. The system calls take some microseconds. */
const GROW_UNITS = 4096;

/** Code that the metering inserts. Each sequence leaves the stack as it was, so it may stand between any two instructions. */
export interface MeterCode {
	/** Takes a unit off the counter, and calls the slow path if the counter is below zero. */
	readonly check: Uint8Array;
	readonly memoryCharge: Uint8Array;
	readonly tableCharge: Uint8Array;
	readonly growCharge: Uint8Array;
}

export function meterCode(parts: MeterParts): MeterCode {
	return {
		check: code((out) => takeOff(out, parts, [0x41, 1])),
		memoryCharge: charge(parts, MEMORY_SHIFT),
		tableCharge: charge(parts, TABLE_SHIFT),
		growCharge: code((out) => {
			out.raw([0x41, ...signed(GROW_UNITS), 0x41, 0, 0x10]);
			out.u32(parts.charge);
			out.u8(0x1a);
		}),
	};
}

function charge(parts: MeterParts, shift: number): Uint8Array {
	return code((out) => {
		out.raw([0x41, shift, 0x10]);
		out.u32(parts.charge);
	});
}

/** Subtracts the value of `units` from the counter: `counter -= units; if (counter < 0) slowPath()`. */
function takeOff(out: ByteWriter, { counter, slowPath }: MeterParts, units: readonly number[]): void {
	out.u8(0x23);
	out.u32(counter);
	out.raw([...units, 0x6b, 0x24]);
	out.u32(counter);
	out.u8(0x23);
	out.u32(counter);
	// A comparison with zero, and a block without a result.
	out.raw([0x41, 0, 0x48, 0x04, 0x40, 0x10]);
	out.u32(slowPath);
	out.u8(0x0b);
}

/**
 * Returns the body of the slow path.
 *
 * Asks `check` until the answer is not zero; yields for each zero. A positive answer becomes the counter. A negative one ends in
 * `unreachable`: no handler of the guest catches a trap, but `catch_all` catches exceptions of JavaScript.
 */
export function slowPathBody(parts: MeterParts): Uint8Array {
	return code((out) => {
		// One local, an i32; then a loop.
		out.raw([1, 1, 0x7f, 0x03, 0x40, 0x10]);
		out.u32(parts.check);
		// if (answer > 0) { counter = answer; return }
		out.raw([0x22, 0, 0x41, 0, 0x4a, 0x04, 0x40, 0x20, 0, 0x24]);
		out.u32(parts.counter);
		out.raw([0x0f, 0x0b]);
		// if (answer != 0) unreachable
		out.raw([0x20, 0, 0x04, 0x40, 0x00, 0x0b, 0x10]);
		out.u32(parts.yield);
		out.raw([0x0c, 0, 0x0b, 0x0b]);
	});
}

/** Returns the body of the function that charges: takes `(length >>> shift) + 1` units off the counter, and returns the length. */
export function chargeBody(parts: MeterParts): Uint8Array {
	return code((out) => {
		out.u8(0);
		takeOff(out, parts, [0x20, 0, 0x20, 1, 0x76, 0x41, 1, 0x6a]);
		out.raw([0x20, 0, 0x0b]);
	});
}

function code(write: (out: ByteWriter) => void): Uint8Array {
	const out = new ByteWriter();
	write(out);
	return out.view();
}

/** Encodes a small number in signed LEB128. */
function signed(value: number): number[] {
	if (value < 64) return [value];
	return [(value % 128) | 0x80, ...signed(Math.floor(value / 128))];
}
