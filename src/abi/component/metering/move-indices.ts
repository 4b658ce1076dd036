import { type ByteReader, malformed } from "../binary/byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { OP } from "./immediates.ts";
import { type IndexSpaces, readIndex, skipValueType } from "./index-spaces.ts";
import { InstructionReader } from "./instruction.ts";
import { assertDone, fork } from "./module-layout.ts";
import { ADDED_IMPORTS } from "./scan-function.ts";

/** Returns the index of a function in the rewritten module. */
export function movedFunction(index: number, { importedFunctions }: IndexSpaces): number {
	return index < importedFunctions ? index : index + ADDED_IMPORTS;
}

/** Copies a constant expression with its `end`, and moves the functions in it. */
export function moveExpression(reader: ByteReader, out: ByteWriter, spaces: IndexSpaces): void {
	const instruction = new InstructionReader(spaces);
	do {
		instruction.next(reader);
		if (instruction.opcode === OP.refFunc) {
			out.u8(OP.refFunc);
			out.u32(movedFunction(instruction.functionIndex, spaces));
		} else out.raw(reader.bytes.subarray(instruction.start, reader.position));
	} while (instruction.opcode !== OP.end);
}

/** Returns the content of the element section with the functions in it moved. */
export function moveElements(section: ByteReader, spaces: IndexSpaces): Uint8Array {
	const reader = fork(section);
	const out = new ByteWriter(Math.ceil((reader.end - reader.position) * 1.25) + 16);
	const count = reader.u32();
	out.u32(count);
	for (let each = 0; each < count; each++) moveSegment(reader, out, spaces);
	assertDone(reader);
	return out.view();
}

/** Flags of a segment: bit 0 passive or declared, bit 1 with a table or declared, bit 2 holds expressions. */
function moveSegment(reader: ByteReader, out: ByteWriter, spaces: IndexSpaces): void {
	const flags = reader.u32();
	if (flags > 7) throw malformed(`an element segment before byte ${reader.position} has the unknown kind ${flags}`);
	out.u32(flags);
	const isActive = (flags & 1) === 0;
	if (isActive) {
		if (flags & 2) out.u32(reader.u32());
		moveExpression(reader, out, spaces);
	}
	const holdsExpressions = (flags & 4) !== 0;
	if (flags & 3) {
		const start = reader.position;
		if (holdsExpressions) skipValueType(reader, spaces.types);
		else reader.u8();
		out.raw(reader.bytes.subarray(start, reader.position));
	}
	const count = reader.u32();
	out.u32(count);
	for (let each = 0; each < count; each++) {
		if (holdsExpressions) moveExpression(reader, out, spaces);
		else out.u32(movedFunction(readIndex(reader, spaces.functions, "function"), spaces));
	}
}
