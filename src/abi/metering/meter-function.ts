import { ByteReader, malformed } from "../binary/byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { DIVISION_COST, isDivision, READ, READS, skipPlain } from "./fast-path.ts";
import { OP } from "./immediates.ts";
import type { IndexSpaces } from "./index-spaces.ts";
import { InstructionReader } from "./instruction.ts";
import type { MeterCode } from "./meter-code.ts";

/** Number of functions that the metering imports behind the module's own imports. The indices of defined functions move by this number. */
export const ADDED_IMPORTS = 2;

/**
 * Most code between two checks on any path, in bytes of instructions. A check is inserted where a path is longer. Otherwise one unit of
 * the counter could stand for a function of 7 MB.
 */
const MAX_DISTANCE = 512;

/** Longest path of a function without calls that needs no check at its entry, in bytes. Callers account for the path by `CALL_COST`. */
const MAX_LEAF = 128;

/** Cost of a call, in bytes: a leaf without a check costs the caller at most four times as much. */
const CALL_COST = 32;

/** Cost of a branch, in bytes. */
const BRANCH_COST = 4;

export type MeteringMode = "full" | "loops";

/**
 * Rewrites the code of functions, one after another.
 *
 * `distance` is the longest path from the last check to the current instruction. A branch carries the distance to the end of its block.
 * Branches to a loop meet the check in its header.
 *
 * A process loads a guest once, before its code is optimized. So the frequent instructions are read in one loop over the bytes, without
 * objects, and the others by an {@link InstructionReader}.
 */
export class FunctionMeter {
	readonly #out: ByteWriter;
	readonly #spaces: IndexSpaces;
	readonly #isFull: boolean;
	readonly #insertions: MeterCode;
	readonly #instruction: InstructionReader;
	/** True if the entry of the function needs a check: it contains calls, or is long. */
	#needsEntryCheck = false;
	/** Number of enclosing blocks. The arrays of the blocks keep their length: an array that shrinks is allocated again. */
	#depth = 0;
	/** Enclosing blocks: opcode, distance at the start, and largest distance of the paths that lead to the end by a branch. */
	readonly #blocks: number[] = [];
	readonly #starts: number[] = [];
	readonly #ends: number[] = [];
	/** Distance before the instruction that is read apart. */
	#distance = 0;
	#reader = new ByteReader(new Uint8Array(0));
	#bytes: Uint8Array = new Uint8Array(0);
	/** Position up to which the original code is copied. */
	#copied = 0;

	/** @param out Receives the code. */
	constructor(spaces: IndexSpaces, mode: MeteringMode, insertions: MeterCode, out: ByteWriter) {
		this.#out = out;
		this.#spaces = spaces;
		this.#isFull = mode === "full";
		this.#insertions = insertions;
		this.#instruction = new InstructionReader(spaces, (depth, byException) => {
			this.#branch(depth, byException ? MAX_DISTANCE : this.#distance + BRANCH_COST);
		});
	}

	/** Writes the code of one function with its checks. */
	rewrite(reader: ByteReader): void {
		const { bytes, position: from, end } = reader;
		const isFull = this.#isFull;
		const entry = this.#out.length;
		if (isFull) this.#out.raw(this.#insertions.check);
		this.#begin(reader);
		let position = from;
		let distance = 0;
		let longest = 0;
		while (this.#depth > 0) {
			if (distance > MAX_DISTANCE && isFull) {
				this.#insert(position, this.#insertions.check);
				distance = 0;
			}
			const start = skipPlain(bytes, position, isFull ? Math.min(end, position + MAX_DISTANCE + 1 - distance) : end);
			if (start > position) {
				distance += start - position;
				position = start;
				if (distance > longest) longest = distance;
				if (distance > MAX_DISTANCE && isFull) continue;
			}
			if (position >= end) throw malformed(`a function ends too early, at byte ${end}`);
			const opcode = bytes[start] ?? 0;
			const byte = bytes[start + 1] ?? 0;
			const read = READS[opcode] ?? READ.other;
			if (read === READ.end) {
				distance = this.#pop(distance);
				position += 1;
			} else if (read === READ.branch && byte < 0x80) {
				this.#branch(byte, distance + BRANCH_COST);
				// The code up to the end of the block is not reached.
				distance = opcode === OP.br ? 0 : distance + 2;
				position += 2;
			} else if (read === READ.global && byte < 0x80 && byte < this.#spaces.globals) {
				distance += 2;
				position += 2;
			} else if (read === READ.block && byte >= 0x40 && byte < 0x80 && byte !== 0x63 && byte !== 0x64) {
				position += 2;
				distance = this.#block(opcode, distance + 2, position);
			} else {
				this.#distance = distance;
				position = read === READ.call ? this.#readCall(start) : this.#readApart(start);
				distance = this.#distance;
			}
			if (distance > longest) longest = distance;
		}
		if (position !== end) throw malformed(`a function ends before its code does, at byte ${position}`);
		this.#copyTo(end);
		if (isFull && !this.#needsEntryCheck && longest <= MAX_LEAF) this.#out.remove(entry, this.#insertions.check.length);
	}

	#begin(reader: ByteReader): void {
		this.#reader = reader;
		this.#bytes = reader.bytes;
		this.#copied = reader.position;
		this.#depth = 0;
		this.#needsEntryCheck = false;
		this.#push(OP.block, 0);
	}

	/** Reads a call of a function by an index of at most three bytes. Other calls are read as any instruction. */
	#readCall(at: number): number {
		const bytes = this.#bytes;
		let index = 0;
		for (let length = 0; length < 3; length++) {
			const byte = bytes[at + 1 + length] ?? 0;
			index |= (byte & 0x7f) << (7 * length);
			if (byte > 0x7f) continue;
			if (index >= this.#spaces.functions) break;
			const end = at + 2 + length;
			this.#moveIndex(at + 1, end, index);
			this.#call();
			return end;
		}
		return this.#readApart(at);
	}

	/** Reads any instruction. Returns the position behind the instruction, and leaves the distance in `#distance`. */
	#readApart(at: number): number {
		const reader = this.#reader;
		reader.position = at;
		const instruction = this.#instruction;
		instruction.next(reader);
		const { start, opcode, immediates, functionIndex } = instruction;
		const end = reader.position;
		switch (opcode) {
			case OP.loop:
			case OP.block:
			case OP.if:
			case OP.tryTable:
				this.#distance = this.#block(opcode, this.#distance + end - start, end);
				break;
			case OP.else:
				this.#distance = this.#else(start, this.#distance);
				break;
			case OP.br:
			case OP.brTable:
			case OP.return:
			case OP.unreachable:
			case OP.throw:
			case OP.throwRef:
				// The code up to the end of the block is not reached.
				this.#distance = 0;
				break;
			case OP.refFunc:
				this.#moveIndex(immediates, end, functionIndex);
				break;
			case OP.call:
			case OP.returnCall:
				this.#moveIndex(immediates, end, functionIndex);
				this.#call();
				break;
			case OP.callIndirect:
			case OP.returnCallIndirect:
			case OP.callRef:
			case OP.returnCallRef:
				this.#call();
				break;
			case OP.memoryGrow:
				this.#charge(start, this.#insertions.growCharge);
				break;
			case OP.memoryInit:
			case OP.memoryCopy:
			case OP.memoryFill:
				this.#charge(start, this.#insertions.memoryCharge);
				break;
			case OP.tableInit:
			case OP.tableCopy:
			case OP.tableGrow:
			case OP.tableFill:
				this.#charge(start, this.#insertions.tableCharge);
				break;
			default:
				this.#distance += isDivision(opcode) ? DIVISION_COST : end - start;
		}
		return end;
	}

	/** Enters a block. Returns the distance at its start. */
	#block(opcode: number, distance: number, start: number): number {
		this.#push(opcode, distance);
		if (opcode !== OP.loop) return distance;
		this.#insert(start, this.#insertions.check);
		return 0;
	}

	#push(opcode: number, distance: number): void {
		const depth = this.#depth++;
		this.#blocks[depth] = opcode;
		this.#starts[depth] = distance;
		this.#ends[depth] = 0;
	}

	/** Leaves a block. Returns the distance behind its end. */
	#pop(distance: number): number {
		this.#depth -= 1;
		const opcode = this.#blocks[this.#depth];
		const start = this.#starts[this.#depth] ?? 0;
		const end = this.#ends[this.#depth] ?? 0;
		// A branch to a loop meets its check. An if without else has a path around its code.
		if (opcode === OP.loop) return distance;
		const longest = end > distance ? end : distance;
		return opcode === OP.if && start > longest ? start : longest;
	}

	/** Begins the second half of an `if`. Returns the distance at its start. */
	#else(at: number, distance: number): number {
		const last = this.#depth - 1;
		if (this.#blocks[last] !== OP.if) throw malformed(`an else at byte ${at} has no if`);
		this.#blocks[last] = OP.else;
		if (distance > (this.#ends[last] ?? 0)) this.#ends[last] = distance;
		return this.#starts[last] ?? 0;
	}

	/** Carries a distance to the end of an enclosing block. */
	#branch(depth: number, distance: number): void {
		const target = this.#depth - 1 - depth;
		if (target < 0) throw malformed(`a branch leaves ${depth} blocks, and ${this.#depth} enclose it`);
		// An exception may leave the block at any of its instructions.
		if (distance > (this.#ends[target] ?? 0)) this.#ends[target] = distance;
	}

	#call(): void {
		this.#distance += CALL_COST;
		this.#needsEntryCheck = true;
	}

	#charge(at: number, insertion: Uint8Array): void {
		this.#insert(at, insertion);
		this.#distance += CALL_COST;
	}

	#moveIndex(at: number, end: number, index: number): void {
		if (index >= this.#spaces.importedFunctions) this.#replaceIndex(at, end, index + ADDED_IMPORTS);
	}

	#insert(at: number, insertion: Uint8Array): void {
		this.#copyTo(at);
		this.#out.raw(insertion);
	}

	/** Replaces the encoded function index between two positions. */
	#replaceIndex(at: number, resume: number, index: number): void {
		this.#copyTo(at);
		this.#out.u32(index);
		this.#copied = resume;
	}

	#copyTo(position: number): void {
		this.#out.copy(this.#bytes, this.#copied, position);
		this.#copied = position;
	}
}
