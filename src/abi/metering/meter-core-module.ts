import { ByteReader, malformed } from "../binary/byte-reader.ts";
import { type CoreModuleCaps, capCoreModule, capSection } from "../binary/core-module.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type IndexSpaces, readIndex, skipValueType } from "./index-spaces.ts";
import { ADDED_TYPES, chargeBody, type MeterCode, type MeterParts, meterCode, slowPathBody } from "./meter-code.ts";
import { ADDED_IMPORTS, FunctionMeter, type MeteringMode } from "./meter-function.ts";
import {
	assertDone,
	fork,
	METER_NAME,
	type ModuleLayout,
	readLayout,
	reserved,
	SECTION,
	SECTION_ORDER,
	skipName,
} from "./module-layout.ts";
import { IndexMover } from "./move-indices.ts";
import { moveNames } from "./names.ts";

export interface MeteringOptions {
	/**
	 * Places of the checks.
	 *
	 * - `full`: headers of loops, entries of functions that call or are long, and long code without either. No guest escapes.
	 * - `loops`: headers of loops only. Cheaper, but endless recursion ends at the limit of the stack only. For trusted guests.
	 */
	readonly mode: MeteringMode;
	/** Maxima of the memories and tables. The default leaves them as they are. */
	readonly caps?: CoreModuleCaps;
}

/** Largest body of a function in V8, in bytes. */
const MAX_BODY_BYTES = 7_654_321;

const ADDED_FUNCTIONS = 2;

/**
 * Rewrites a core module so that a host can interrupt it. Returns the module itself if it has nothing to meter.
 *
 * The rewritten module counts down a global variable, its export `__spear_meter`. When the counter is below zero, it calls its import
 * `check: () -> i32` of the module `__spear_meter`:
 *
 * | answer | effect |
 * | --- | --- |
 * | positive | becomes the counter |
 * | 0 | the module calls its import `yield: () -> ()`, which may suspend, and then `check` again |
 * | negative | the module traps. A guest cannot catch a trap, and every later check traps too |
 *
 * One unit of the counter stands for at most 512 bytes of instructions. Operations on memories and tables are charged by their length, but
 * a single one is not interrupted: to fill 256 MiB takes tens of milliseconds.
 *
 * The section `name` stays valid. Other custom sections are dropped: their offsets would be wrong.
 *
 * Takes time and memory linear in the length.
 *
 * @throws SpearError `invalid_request` for a malformed module, a use of the reserved name, and a module or function that is too large to be
 * metered. The same for refused instructions: legacy exception handling, garbage collection, waits for threads.
 */
export function meterCoreModule(bytes: Uint8Array, { mode, caps }: MeteringOptions): Uint8Array {
	// Views of a plain array are much cheaper than those of a Buffer.
	const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const layout = readLayout(plain);
	const code = layout.sections.get(SECTION.code);
	if (layout.definedFunctions === 0 || code === undefined) return caps === undefined ? bytes : capCoreModule(bytes, caps);
	return new Rewriter(layout, mode, caps).rewrite(plain, code);
}

class Rewriter {
	readonly #layout: ModuleLayout;
	readonly #spaces: IndexSpaces;
	readonly #parts: MeterParts;
	readonly #code: MeterCode;
	readonly #indices: IndexMover;
	readonly #mode: MeteringMode;
	readonly #caps: CoreModuleCaps | undefined;

	constructor(layout: ModuleLayout, mode: MeteringMode, caps: CoreModuleCaps | undefined) {
		const { spaces } = layout;
		this.#layout = layout;
		this.#spaces = spaces;
		this.#parts = {
			firstType: spaces.types,
			check: spaces.importedFunctions,
			yield: spaces.importedFunctions + 1,
			slowPath: spaces.functions + ADDED_IMPORTS,
			charge: spaces.functions + ADDED_IMPORTS + 1,
			counter: spaces.globals,
		};
		this.#code = meterCode(this.#parts);
		this.#indices = new IndexMover(spaces);
		this.#mode = mode;
		this.#caps = caps;
	}

	rewrite(bytes: Uint8Array, code: ByteReader): Uint8Array {
		const out = new ByteWriter(Math.ceil(bytes.length * 1.25) + 1024);
		out.raw(bytes.subarray(0, 8));
		for (const id of SECTION_ORDER) {
			const section = this.#layout.sections.get(id);
			if (id === SECTION.code) {
				out.u8(id);
				const start = out.begin();
				this.#functions(code, out);
				out.end(start);
				continue;
			}
			const content = this.#section(id, section);
			if (content === undefined) continue;
			out.u8(id);
			out.sized(content);
		}
		out.u8(SECTION.custom);
		out.sized(moveNames(this.#layout.names, this.#spaces.importedFunctions, this.#parts));
		return out.view();
	}

	#section(id: number, section: ByteReader | undefined): Uint8Array | undefined {
		switch (id) {
			case SECTION.type:
				return append(section, ADDED_TYPES);
			case SECTION.import:
				return append(section, [importOf("check", this.#parts.firstType + 1), importOf("yield", this.#parts.firstType)]);
			case SECTION.function:
				return append(section, [encoded(this.#parts.firstType), encoded(this.#parts.firstType + 2)]);
			case SECTION.global:
				return this.#globals(section);
			case SECTION.table:
			case SECTION.memory:
				return section === undefined ? undefined : this.#limits(id, section);
			case SECTION.export:
				return this.#exports(section);
			case SECTION.start:
				return section === undefined ? undefined : this.#start(section);
			case SECTION.element:
				return section === undefined ? undefined : this.#indices.elements(section);
			case SECTION.data:
				return section === undefined ? undefined : this.#data(section);
			default:
				return section?.rest();
		}
	}

	#globals(section: ByteReader | undefined): Uint8Array {
		const own = [0x7f, 1, 0x41, 0, 0x0b];
		return rewritten(section, [own], (reader, out) => {
			const start = reader.position;
			skipValueType(reader, this.#spaces.types);
			reader.u8();
			out.raw(reader.bytes.subarray(start, reader.position));
			this.#indices.expression(reader, out);
		});
	}

	#exports(section: ByteReader | undefined): Uint8Array {
		const own = [...nameOf(METER_NAME), 3, ...encoded(this.#parts.counter)];
		return rewritten(section, [own], (reader, out) => {
			const start = reader.position;
			if (skipName(reader)) throw reserved("exports");
			const kind = reader.u8();
			out.raw(reader.bytes.subarray(start, reader.position));
			if (kind === 0) out.u32(this.#indices.read(reader));
			else out.u32(kind === 3 ? readIndex(reader, this.#spaces.globals, "global") : reader.u32());
		});
	}

	#limits(id: number, section: ByteReader): Uint8Array | undefined {
		return this.#caps === undefined ? section.rest() : capSection(id, fork(section), this.#caps);
	}

	#start(section: ByteReader): Uint8Array {
		const reader = fork(section);
		const index = this.#indices.read(reader);
		assertDone(reader);
		return Uint8Array.from(encoded(index));
	}

	/** Checks the data section, and returns the same content. */
	#data(section: ByteReader): Uint8Array {
		const reader = fork(section);
		const unused = new ByteWriter();
		const count = reader.u32();
		for (let each = 0; each < count; each++) {
			const flags = reader.u32();
			if (flags > 2) throw malformed(`a data segment before byte ${reader.position} has the unknown kind ${flags}`);
			if (flags === 2) reader.u32();
			if (flags !== 1) this.#indices.expression(reader, unused);
			unused.clear();
			reader.skip(reader.u32());
		}
		assertDone(reader);
		return section.rest();
	}

	#functions(section: ByteReader, out: ByteWriter): void {
		const reader = fork(section);
		const count = reader.u32();
		if (count !== this.#layout.definedFunctions)
			throw malformed(`a core module declares ${this.#layout.definedFunctions} functions and has code for ${count}`);
		out.u32(count + ADDED_FUNCTIONS);
		const rewriter = new FunctionMeter(this.#spaces, this.#mode, this.#code, out);
		for (let each = 0; each < count; each++) this.#body(reader.window(reader.u32()), rewriter, out);
		assertDone(reader);
		out.sized(slowPathBody(this.#parts));
		out.sized(chargeBody(this.#parts));
	}

	#body(body: ByteReader, rewriter: FunctionMeter, out: ByteWriter): void {
		const { position, end } = body;
		const groups = body.u32();
		for (let each = 0; each < groups; each++) {
			body.u32();
			skipValueType(body, this.#spaces.types);
		}
		const start = out.begin();
		out.copy(body.bytes, position, body.position);
		rewriter.rewrite(body);
		if (out.end(start) > MAX_BODY_BYTES) throw malformed(`a function of ${end - position} bytes is too large to be metered; split it`);
	}
}

/** Copies a vector item by item through `copy`, and appends items. */
function rewritten(
	section: ByteReader | undefined,
	added: readonly (readonly number[])[],
	copy: (reader: ByteReader, out: ByteWriter) => void,
): Uint8Array {
	const reader = section === undefined ? new ByteReader(Uint8Array.of(0)) : fork(section);
	const out = new ByteWriter(Math.ceil((reader.end - reader.position) * 1.25) + 64);
	const count = reader.u32();
	out.u32(count + added.length);
	for (let each = 0; each < count; each++) copy(reader, out);
	assertDone(reader);
	for (const item of added) out.raw(item);
	return out.view();
}

/** Appends items to a vector whose content stays. */
function append(section: ByteReader | undefined, added: readonly (readonly number[])[]): Uint8Array {
	const reader = section === undefined ? new ByteReader(Uint8Array.of(0)) : fork(section);
	const count = reader.u32();
	const out = new ByteWriter(reader.end - reader.position + 128);
	out.u32(count + added.length);
	out.raw(reader.rest());
	for (const item of added) out.raw(item);
	return out.view();
}

function importOf(name: string, type: number): number[] {
	return [...nameOf(METER_NAME), ...nameOf(name), 0, ...encoded(type)];
}

function nameOf(name: string): number[] {
	return [name.length, ...new TextEncoder().encode(name)];
}

function encoded(value: number): number[] {
	const out = new ByteWriter();
	out.u32(value);
	return [...out.view()];
}
