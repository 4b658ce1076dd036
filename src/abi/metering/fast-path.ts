import { IMMEDIATE, PLAIN } from "./immediates.ts";

/** Ways to read the frequent instructions, in ascending order of effort. */
export const READ = {
	/** No immediates. */
	none: 0,
	/** A LEB128 number. */
	leb: 1,
	/** The argument of a load or a store. */
	memory: 2,
	/** The index of a global variable. */
	global: 3,
	/** The index of a function that is called. */
	call: 4,
	/** A block, a loop, an `if`. */
	block: 5,
	/** The end of a block. */
	end: 6,
	/** A branch, on a condition or not. */
	branch: 7,
	/** Any other. */
	other: 8,
} as const;

/** Instructions that are read apart, because they change the flow, or because the metering charges for them. */
const APART: ReadonlyMap<number, number> = new Map([
	[0x00, READ.other],
	[0x02, READ.block],
	[0x03, READ.block],
	[0x04, READ.block],
	[0x05, READ.other],
	[0x08, READ.other],
	[0x0a, READ.other],
	[0x0b, READ.end],
	[0x0c, READ.branch],
	[0x0d, READ.branch],
	[0x0f, READ.other],
	[0x10, READ.call],
	[0x23, READ.global],
	[0x24, READ.global],
	[0x40, READ.other],
	[0xd5, READ.other],
	[0xd6, READ.other],
]);

const OF_IMMEDIATE: ReadonlyMap<number | undefined, number> = new Map([
	[IMMEDIATE.none, READ.none],
	[IMMEDIATE.leb, READ.leb],
	[IMMEDIATE.memory, READ.memory],
]);

/** Cost of a division or a square root, in bytes. Such an instruction takes ten times as long as an addition. */
export const DIVISION_COST = 16;

const DIVISIONS: ReadonlySet<number> = new Set([0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9f, 0xa3]);

/** Returns true for divisions, remainders and square roots. */
export function isDivision(opcode: number): boolean {
	return DIVISIONS.has(opcode);
}

function readOf(opcode: number): number {
	if (isDivision(opcode)) return READ.other;
	return APART.get(opcode) ?? OF_IMMEDIATE.get(PLAIN[opcode]) ?? READ.other;
}

/** Values of `READ` by the first byte of an instruction. */
export const READS: Uint8Array = Uint8Array.from({ length: 0x100 }, (_, opcode) => readOf(opcode));

/**
 * Skips instructions that only compute: `none`, `leb` and `memory`. Such an instruction costs its length.
 *
 * A process loads a guest once, before code is optimized. This loop is small, so that V8 optimizes it within a millisecond.
 *
 * @returns The position of the first other instruction, or the first one at or behind `stop`. May be beyond the end of cut code.
 */
export function skipPlain(bytes: Uint8Array, from: number, stop: number): number {
	let position = from;
	while (position < stop) {
		const read = READS[bytes[position] ?? 0] ?? READ.other;
		if (read > READ.memory) break;
		position += 1;
		if (read === READ.none) continue;
		if (read === READ.memory) {
			// Bit 6 of the alignment announces the index of a memory.
			if ((bytes[position] ?? 0) & 0x40) while ((bytes[position++] ?? 0) > 0x7f);
			while ((bytes[position++] ?? 0) > 0x7f);
		}
		while ((bytes[position++] ?? 0) > 0x7f);
	}
	return position;
}
