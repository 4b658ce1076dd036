import { type ByteReader, malformed } from "../binary/byte-reader.ts";
import { Edits, INSERT } from "./edits.ts";
import { OP } from "./immediates.ts";
import type { IndexSpaces } from "./index-spaces.ts";
import { InstructionReader } from "./instruction.ts";

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

/** Cost of a division or a square root, in bytes. Such an instruction takes ten times as long as an addition. */
const DIVISION_COST = 16;

/** Cost of a branch, in bytes. */
const BRANCH_COST = 4;

export type MeteringMode = "full" | "loops";

/**
 * Finds the places of checks in the code of one function.
 *
 * `distance` is the longest path from the last check to the current instruction. A branch carries the distance to the end of its block.
 * Branches to a loop meet the check in its header.
 */
export class FunctionScan {
	readonly edits = new Edits();
	/** True if the entry of the function needs a check: it contains calls, or is long. */
	needsEntryCheck = false;
	readonly #spaces: IndexSpaces;
	readonly #isFull: boolean;
	readonly #instruction: InstructionReader;
	/** Enclosing blocks: opcode, distance at the start, and largest distance of the paths that lead to the end by a branch. */
	readonly #blocks: number[] = [];
	readonly #starts: number[] = [];
	readonly #ends: number[] = [];
	#distance = 0;

	constructor(spaces: IndexSpaces, mode: MeteringMode) {
		this.#spaces = spaces;
		this.#isFull = mode === "full";
		this.#instruction = new InstructionReader(spaces, (depth, byException) => this.#branch(depth, byException));
	}

	/** Scans the instructions of a function, up to the end of the reader. */
	scan(reader: ByteReader): void {
		const instruction = this.#instruction;
		this.edits.clear();
		this.#blocks.length = this.#starts.length = this.#ends.length = 0;
		this.needsEntryCheck = false;
		this.#distance = 0;
		this.#push(OP.block);
		while (this.#blocks.length > 0) {
			instruction.next(reader);
			if (this.#distance > MAX_DISTANCE && this.#isFull) this.#check(instruction.start);
			this.#visit(instruction.opcode, reader.position);
			if (this.#distance > MAX_LEAF) this.needsEntryCheck = this.#isFull;
		}
		if (!reader.done) throw malformed(`a function ends before its code does, at byte ${reader.position}`);
	}

	#visit(opcode: number, end: number): void {
		const { start, immediates, functionIndex } = this.#instruction;
		switch (opcode) {
			case OP.loop:
				this.#push(opcode);
				this.#check(end);
				return;
			case OP.block:
			case OP.if:
			case OP.tryTable:
				this.#distance += end - start;
				this.#push(opcode);
				return;
			case OP.else:
				this.#else();
				return;
			case OP.end:
				this.#pop();
				return;
			case OP.br:
			case OP.brTable:
			case OP.return:
			case OP.unreachable:
			case OP.throw:
			case OP.throwRef:
				// The code up to the end of the block is not reached.
				this.#distance = 0;
				return;
			case OP.refFunc:
				this.#moveIndex(immediates, end, functionIndex);
				return;
			case OP.call:
			case OP.returnCall:
				this.#moveIndex(immediates, end, functionIndex);
				this.#call();
				return;
			case OP.callIndirect:
			case OP.returnCallIndirect:
			case OP.callRef:
			case OP.returnCallRef:
				this.#call();
				return;
			case OP.memoryGrow:
				this.#charge(start, INSERT.growCharge);
				return;
			case OP.memoryInit:
			case OP.memoryCopy:
			case OP.memoryFill:
				this.#charge(start, INSERT.memoryCharge);
				return;
			case OP.tableInit:
			case OP.tableCopy:
			case OP.tableGrow:
			case OP.tableFill:
				this.#charge(start, INSERT.tableCharge);
				return;
			default:
				this.#distance += isSlow(opcode) ? DIVISION_COST : end - start;
		}
	}

	#push(opcode: number): void {
		this.#blocks.push(opcode);
		this.#starts.push(this.#distance);
		this.#ends.push(0);
	}

	#pop(): void {
		const opcode = this.#blocks.pop();
		const start = this.#starts.pop() ?? 0;
		const end = this.#ends.pop() ?? 0;
		// A branch to a loop meets its check. An if without else has a path around its code.
		if (opcode !== OP.loop) this.#distance = Math.max(this.#distance, end, opcode === OP.if ? start : 0);
	}

	#else(): void {
		const last = this.#blocks.length - 1;
		if (this.#blocks[last] !== OP.if) throw malformed(`an else at byte ${this.#instruction.start} has no if`);
		this.#blocks[last] = OP.else;
		this.#ends[last] = Math.max(this.#ends[last] ?? 0, this.#distance);
		this.#distance = this.#starts[last] ?? 0;
	}

	#branch(depth: number, byException: boolean): void {
		const target = this.#blocks.length - 1 - depth;
		const known = this.#ends[target];
		if (known === undefined) throw malformed(`a branch at byte ${this.#instruction.start} leaves ${depth} blocks, which is too many`);
		// An exception may leave the block at any of its instructions.
		this.#ends[target] = Math.max(known, byException ? MAX_DISTANCE : this.#distance + BRANCH_COST);
	}

	#call(): void {
		this.#distance += CALL_COST;
		this.needsEntryCheck = this.#isFull;
	}

	#check(at: number): void {
		this.edits.insert(at, INSERT.check);
		this.#distance = 0;
	}

	#charge(at: number, kind: number): void {
		this.edits.insert(at, kind);
		this.#distance += CALL_COST;
	}

	#moveIndex(at: number, end: number, index: number): void {
		if (index >= this.#spaces.importedFunctions) this.edits.replaceIndex(at, end, index + ADDED_IMPORTS);
	}
}

/** Returns true for divisions, remainders and square roots. */
function isSlow(opcode: number): boolean {
	return (
		(opcode >= 0x6d && opcode <= 0x70) ||
		(opcode >= 0x7f && opcode <= 0x82) ||
		opcode === 0x91 ||
		opcode === 0x95 ||
		opcode === 0x9f ||
		opcode === 0xa3
	);
}
