import { type ByteReader, malformed } from "../binary/byte-reader.ts";
import { IMMEDIATE, PLAIN, PREFIXED, REFUSED } from "./immediates.ts";
import { type IndexSpaces, readIndex, skipBlockType, skipHeapType, skipValueType } from "./index-spaces.ts";

/** Called with each label that an instruction may branch to, as a number of enclosing blocks. `byException` is true for handlers. */
export type LabelSink = (depth: number, byException: boolean) => void;

/** Reads instructions one after another. Knows the immediates of every opcode that this host accepts. */
export class InstructionReader {
	/** Opcode of the last instruction. With a prefix: `prefix * 0x1000 + number`, as in `OP`. */
	opcode = 0;
	/** Position of the last instruction. */
	start = 0;
	/** Position of its immediates. */
	immediates = 0;
	/** Function that the last instruction names. Meaningful for `call`, `return_call` and `ref.func` only. */
	functionIndex = 0;
	readonly #spaces: IndexSpaces;
	readonly #onLabel: LabelSink;

	/** @param onLabel Receives the labels of branches. The default ignores them. */
	constructor(spaces: IndexSpaces, onLabel: LabelSink = () => {}) {
		this.#spaces = spaces;
		this.#onLabel = onLabel;
	}

	/**
	 * Reads the next instruction and leaves the reader behind it.
	 *
	 * @throws SpearError `invalid_request` for an instruction that is unknown, refused, or cut, and for an index that does not exist.
	 */
	next(reader: ByteReader): void {
		this.start = reader.position;
		const first = reader.u8();
		let kind = PLAIN[first];
		this.opcode = first;
		if (kind === IMMEDIATE.prefix) {
			const number = reader.u32();
			kind = PREFIXED.get(first)?.[number];
			this.opcode = first * 0x1000 + number;
		}
		this.immediates = reader.position;
		switch (kind) {
			case IMMEDIATE.none:
				return;
			case IMMEDIATE.leb:
				this.#skipLeb(reader);
				return;
			case IMMEDIATE.leb2:
				reader.skipLeb();
				reader.skipLeb();
				return;
			case IMMEDIATE.memory:
				skipMemoryArgument(reader);
				return;
			case IMMEDIATE.memoryLane:
				skipMemoryArgument(reader);
				reader.skip(1);
				return;
			case IMMEDIATE.bytes1:
				reader.skip(1);
				return;
			case IMMEDIATE.bytes4:
				reader.skip(4);
				return;
			case IMMEDIATE.bytes8:
				reader.skip(8);
				return;
			case IMMEDIATE.bytes16:
				reader.skip(16);
				return;
			case IMMEDIATE.blockType:
				skipBlockType(reader, this.#spaces.types);
				return;
			case IMMEDIATE.tryTable:
				this.#tryTable(reader);
				return;
			case IMMEDIATE.labels:
				this.#labels(reader);
				return;
			case IMMEDIATE.function:
				this.functionIndex = readIndex(reader, this.#spaces.functions, "function");
				return;
			case IMMEDIATE.typeTable:
				readIndex(reader, this.#spaces.types, "type");
				reader.skipLeb();
				return;
			case IMMEDIATE.type:
				readIndex(reader, this.#spaces.types, "type");
				return;
			case IMMEDIATE.valueTypes:
				this.#valueTypes(reader);
				return;
			case IMMEDIATE.global:
				readIndex(reader, this.#spaces.globals, "global");
				return;
			case IMMEDIATE.heapType:
				skipHeapType(reader, this.#spaces.types);
				return;
			case IMMEDIATE.wait:
				throw malformed("it waits for another thread (memory.atomic.wait), which would block the host");
			default:
				throw this.#refused(first);
		}
	}

	#skipLeb(reader: ByteReader): void {
		if (isBranch(this.opcode)) this.#onLabel(reader.u32(), false);
		else reader.skipLeb();
	}

	#labels(reader: ByteReader): void {
		for (let left = reader.u32(); left >= 0; left -= 1) this.#onLabel(reader.u32(), false);
	}

	/** Apart from `next`: a closure would cost each instruction an object. */
	#valueTypes(reader: ByteReader): void {
		reader.vector(() => skipValueType(reader, this.#spaces.types));
	}

	#tryTable(reader: ByteReader): void {
		skipBlockType(reader, this.#spaces.types);
		reader.vector(() => {
			const handler = reader.u8();
			if (handler > 3) throw malformed(`an exception handler before byte ${reader.position} has the unknown kind ${handler}`);
			if (handler < 2) reader.skipLeb();
			this.#onLabel(reader.u32(), true);
		});
	}

	#refused(first: number): Error {
		const name = REFUSED.get(first);
		if (name !== undefined) return malformed(`it uses ${name}, which this host does not accept`);
		return malformed(`it uses an unknown instruction at byte ${this.start}, opcode 0x${this.opcode.toString(16)}`);
	}
}

/** Returns true for `br`, `br_if`, `br_on_null` and `br_on_non_null`. */
function isBranch(opcode: number): boolean {
	return opcode === 0x0c || opcode === 0x0d || opcode === 0xd5 || opcode === 0xd6;
}

function skipMemoryArgument(reader: ByteReader): void {
	const alignment = reader.u32();
	if (alignment & 0x40) reader.skipLeb();
	reader.skipLeb();
}
