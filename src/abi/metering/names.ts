import type { ByteReader } from "../binary/byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { MeterParts } from "./meter-code.ts";
import { ADDED_IMPORTS } from "./meter-function.ts";

/** Identifiers of subsections of the custom section `name`. */
const NAMES_OF = { functions: 1, locals: 2, labels: 3 } as const;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Returns the content of the custom section `name` for the rewritten module: the indices of functions moved, and the added functions
 * named. Names of labels are dropped, because the metering adds blocks.
 *
 * A section that cannot be read is ignored as engines do: it has no effect on the module.
 *
 * @param section The original content behind the name of the section. Absent if the module has none.
 */
export function moveNames(section: ByteReader | undefined, importedFunctions: number, parts: MeterParts): Uint8Array {
	const original = section === undefined ? [] : readSubsections(section);
	const out = new ByteWriter(section === undefined ? 64 : section.end - section.position + 64);
	out.sized(ascii("name"));
	const functions = original.find(({ id }) => id === NAMES_OF.functions);
	let functionsWritten = false;
	const writeFunctions = (): void => {
		functionsWritten = true;
		writeSubsection(out, NAMES_OF.functions, functionNames(functions?.body, importedFunctions, parts));
	};
	for (const { id, body } of original) {
		if (id >= NAMES_OF.functions && !functionsWritten) writeFunctions();
		if (id === NAMES_OF.functions || id === NAMES_OF.labels) continue;
		const moved = id === NAMES_OF.locals ? localNames(body, importedFunctions) : body.rest();
		if (moved !== undefined) writeSubsection(out, id, moved);
	}
	if (!functionsWritten) writeFunctions();
	return out.view();
}

interface Subsection {
	readonly id: number;
	readonly body: ByteReader;
}

function readSubsections(section: ByteReader): Subsection[] {
	const found: Subsection[] = [];
	attempt(() => {
		while (!section.done) {
			const id = section.u8();
			const previous = found.at(-1);
			if (previous !== undefined && id <= previous.id) return;
			found.push({ id, body: section.window(section.u32()) });
		}
	});
	return found;
}

function functionNames(body: ByteReader | undefined, importedFunctions: number, parts: MeterParts): Uint8Array {
	const names: { readonly index: number; readonly name: Uint8Array }[] = [];
	if (body !== undefined)
		attempt(() =>
			body.vector(() => {
				const index = body.u32();
				names.push({ index: moved(index, importedFunctions), name: body.window(body.u32()).rest() });
			}),
		);
	const imports = [
		{ index: parts.check, name: ascii("spear.meter.check") },
		{ index: parts.yield, name: ascii("spear.meter.yield") },
	];
	const first = names.findIndex(({ index }) => index > parts.yield);
	names.splice(first === -1 ? names.length : first, 0, ...imports);
	const defined = [
		{ index: parts.slowPath, name: ascii("spear.meter") },
		{ index: parts.charge, name: ascii("spear.meter.charge") },
	];
	const all = [...names.filter(({ index }) => index < parts.slowPath), ...defined];
	const out = new ByteWriter();
	out.u32(all.length);
	for (const { index, name } of all) {
		out.u32(index);
		out.sized(name);
	}
	return out.view();
}

function localNames(body: ByteReader, importedFunctions: number): Uint8Array | undefined {
	const out = new ByteWriter(body.end - body.position + 64);
	const isWhole = attempt(() => {
		const count = body.u32();
		out.u32(count);
		for (let each = 0; each < count; each++) {
			out.u32(moved(body.u32(), importedFunctions));
			const start = body.position;
			body.vector(() => {
				body.u32();
				body.window(body.u32());
			});
			out.raw(body.bytes.subarray(start, body.position));
		}
	});
	return isWhole ? out.view() : undefined;
}

function moved(index: number, importedFunctions: number): number {
	return index < importedFunctions ? index : index + ADDED_IMPORTS;
}

function writeSubsection(out: ByteWriter, id: number, body: Uint8Array): void {
	out.u8(id);
	out.sized(body);
}

/** Runs a reader up to the first malformed byte. Returns true if it read everything. */
function attempt(read: () => void): boolean {
	try {
		read();
		return true;
	} catch {
		return false;
	}
}
