import { type ByteReader, malformed } from "../binary/byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { OP } from "./immediates.ts";
import { type IndexSpaces, readIndex, skipValueType } from "./index-spaces.ts";
import { InstructionReader } from "./instruction.ts";
import { ADDED_IMPORTS } from "./meter-function.ts";
import { assertDone, fork } from "./module-layout.ts";

/** Moves the indices of functions outside of code. */
export class IndexMover {
	readonly #spaces: IndexSpaces;
	/** Shared by all expressions: a module may have ten thousand of them. */
	readonly #instruction: InstructionReader;

	constructor(spaces: IndexSpaces) {
		this.#spaces = spaces;
		this.#instruction = new InstructionReader(spaces);
	}

	/** Reads the index of a function. Returns its index in the rewritten module. */
	read(reader: ByteReader): number {
		return this.#moved(readIndex(reader, this.#spaces.functions, "function"));
	}

	/** Copies a constant expression with its `end`, and moves the functions in it. */
	expression(reader: ByteReader, out: ByteWriter): void {
		const instruction = this.#instruction;
		do {
			instruction.next(reader);
			if (instruction.opcode === OP.refFunc) {
				out.u8(OP.refFunc);
				out.u32(this.#moved(instruction.functionIndex));
			} else out.copy(reader.bytes, instruction.start, reader.position);
		} while (instruction.opcode !== OP.end);
	}

	/** Returns the content of the element section with the functions in it moved. */
	elements(section: ByteReader): Uint8Array {
		const reader = fork(section);
		const out = new ByteWriter(Math.ceil((reader.end - reader.position) * 1.25) + 16);
		const count = reader.u32();
		out.u32(count);
		for (let each = 0; each < count; each++) this.#segment(reader, out);
		assertDone(reader);
		return out.view();
	}

	/** Flags of a segment: bit 0 passive or declared, bit 1 with a table or declared, bit 2 holds expressions. */
	#segment(reader: ByteReader, out: ByteWriter): void {
		const flags = reader.u32();
		if (flags > 7) throw malformed(`an element segment before byte ${reader.position} has the unknown kind ${flags}`);
		out.u32(flags);
		const isActive = (flags & 1) === 0;
		if (isActive) {
			if (flags & 2) out.u32(reader.u32());
			this.expression(reader, out);
		}
		const holdsExpressions = (flags & 4) !== 0;
		if (flags & 3) {
			const start = reader.position;
			if (holdsExpressions) skipValueType(reader, this.#spaces.types);
			else reader.u8();
			out.copy(reader.bytes, start, reader.position);
		}
		const count = reader.u32();
		out.u32(count);
		for (let each = 0; each < count; each++) {
			if (holdsExpressions) this.expression(reader, out);
			else out.u32(this.read(reader));
		}
	}

	#moved(index: number): number {
		return index < this.#spaces.importedFunctions ? index : index + ADDED_IMPORTS;
	}
}
