/** Immediates of an instruction, by what follows its opcode. */
export const IMMEDIATE = {
	unknown: 0,
	none: 1,
	/** A LEB128 number. */
	leb: 2,
	/** Two LEB128 numbers. */
	leb2: 3,
	/** Alignment, the index of the memory if bit 6 of the alignment is set, and an offset. */
	memory: 4,
	/** As `memory`, and a lane. */
	memoryLane: 5,
	bytes1: 6,
	bytes4: 7,
	bytes8: 8,
	bytes16: 9,
	blockType: 10,
	tryTable: 11,
	labels: 12,
	function: 13,
	/** A type and a table. */
	typeTable: 14,
	type: 15,
	valueTypes: 16,
	global: 17,
	heapType: 18,
	/** A prefix of further opcodes. */
	prefix: 19,
	/** Waits for another thread. */
	wait: 20,
} as const;

/** Opcodes that the metering treats apart. Opcodes with a prefix are `prefix * 0x1000 + number`. */
export const OP = {
	unreachable: 0x00,
	block: 0x02,
	loop: 0x03,
	if: 0x04,
	else: 0x05,
	throw: 0x08,
	throwRef: 0x0a,
	end: 0x0b,
	br: 0x0c,
	brIf: 0x0d,
	brTable: 0x0e,
	return: 0x0f,
	call: 0x10,
	callIndirect: 0x11,
	returnCall: 0x12,
	returnCallIndirect: 0x13,
	callRef: 0x14,
	returnCallRef: 0x15,
	tryTable: 0x1f,
	memoryGrow: 0x40,
	refFunc: 0xd2,
	brOnNull: 0xd5,
	brOnNonNull: 0xd6,
	memoryInit: 0xfc008,
	memoryCopy: 0xfc00a,
	memoryFill: 0xfc00b,
	tableInit: 0xfc00c,
	tableCopy: 0xfc00e,
	tableGrow: 0xfc00f,
	tableFill: 0xfc011,
} as const;

/** Instructions that this host refuses, by opcode: proposals that were replaced, or need the host's heap. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
	[0x06, "try, of the legacy exception handling"],
	[0x07, "catch, of the legacy exception handling"],
	[0x09, "rethrow, of the legacy exception handling"],
	[0x18, "delegate, of the legacy exception handling"],
	[0x19, "catch_all, of the legacy exception handling"],
	[0xfb, "an instruction of garbage-collected WebAssembly"],
]);

type Range = readonly [from: number, to: number, immediate: number];

function table(size: number, ranges: readonly Range[]): Uint8Array {
	const kinds = new Uint8Array(size);
	for (const [from, to, immediate] of ranges) kinds.fill(immediate, from, to + 1);
	return kinds;
}

/** Immediates by the first byte of an instruction. */
export const PLAIN: Uint8Array = table(0x100, [
	[0x00, 0x01, IMMEDIATE.none],
	[0x02, 0x04, IMMEDIATE.blockType],
	[0x05, 0x05, IMMEDIATE.none],
	[0x08, 0x08, IMMEDIATE.leb],
	[0x0a, 0x0b, IMMEDIATE.none],
	[0x0c, 0x0d, IMMEDIATE.leb],
	[0x0e, 0x0e, IMMEDIATE.labels],
	[0x0f, 0x0f, IMMEDIATE.none],
	[0x10, 0x10, IMMEDIATE.function],
	[0x11, 0x11, IMMEDIATE.typeTable],
	[0x12, 0x12, IMMEDIATE.function],
	[0x13, 0x13, IMMEDIATE.typeTable],
	[0x14, 0x15, IMMEDIATE.type],
	[0x1a, 0x1b, IMMEDIATE.none],
	[0x1c, 0x1c, IMMEDIATE.valueTypes],
	[0x1f, 0x1f, IMMEDIATE.tryTable],
	[0x20, 0x22, IMMEDIATE.leb],
	[0x23, 0x24, IMMEDIATE.global],
	[0x25, 0x26, IMMEDIATE.leb],
	[0x28, 0x3e, IMMEDIATE.memory],
	[0x3f, 0x42, IMMEDIATE.leb],
	[0x43, 0x43, IMMEDIATE.bytes4],
	[0x44, 0x44, IMMEDIATE.bytes8],
	[0x45, 0xc4, IMMEDIATE.none],
	[0xd0, 0xd0, IMMEDIATE.heapType],
	[0xd1, 0xd1, IMMEDIATE.none],
	[0xd2, 0xd2, IMMEDIATE.function],
	[0xd3, 0xd4, IMMEDIATE.none],
	[0xd5, 0xd6, IMMEDIATE.leb],
	[0xfc, 0xfe, IMMEDIATE.prefix],
]);

/** Immediates by the number after a prefix: saturating truncation and bulk memory, SIMD, atomics. */
export const PREFIXED: ReadonlyMap<number, Uint8Array> = new Map([
	[
		0xfc,
		table(0x12, [
			[0, 7, IMMEDIATE.none],
			[8, 8, IMMEDIATE.leb2],
			[9, 9, IMMEDIATE.leb],
			[10, 10, IMMEDIATE.leb2],
			[11, 11, IMMEDIATE.leb],
			[12, 12, IMMEDIATE.leb2],
			[13, 13, IMMEDIATE.leb],
			[14, 14, IMMEDIATE.leb2],
			[15, 17, IMMEDIATE.leb],
		]),
	],
	[
		0xfd,
		table(0x114, [
			[0, 0x113, IMMEDIATE.none],
			[0, 11, IMMEDIATE.memory],
			[12, 13, IMMEDIATE.bytes16],
			[21, 34, IMMEDIATE.bytes1],
			[84, 91, IMMEDIATE.memoryLane],
			[92, 93, IMMEDIATE.memory],
		]),
	],
	[
		0xfe,
		table(0x4f, [
			[0, 0, IMMEDIATE.memory],
			[1, 2, IMMEDIATE.wait],
			[3, 3, IMMEDIATE.bytes1],
			[0x10, 0x4e, IMMEDIATE.memory],
		]),
	],
]);
