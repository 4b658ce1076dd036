import { type ByteReader, malformed } from "./byte-reader.ts";
import { sections } from "./core-module.ts";
import type { CoreItemSort } from "./sort.ts";

/**
 * Signature of a core function: a letter for each parameter, `>`, and a letter for each result. `i` is i32, `I` i64, `f` f32, `F` f64, and
 * `?` any other type, which no function of the component model has.
 */
export type CoreSignature = string;

/** Item at the border of a core module. */
export interface CoreSurface {
	readonly sort: CoreItemSort;
	/** Signature of a function. Empty for other items. */
	readonly signature: CoreSignature;
}

/** Import of a core module. */
export interface CoreImport extends CoreSurface {
	readonly module: string;
	readonly name: string;
}

/** Imports and exports of a core module. Types other than signatures are left to the engine, which compares them at instantiation. */
export interface CoreInterface {
	readonly imports: readonly CoreImport[];
	readonly exports: ReadonlyMap<string, CoreSurface>;
}

const SORTS: readonly CoreItemSort[] = ["core function", "core table", "core memory", "core global", "core tag"];

/** Most imports and exports of one core module, each. V8 has the same bound of imports and ten times as many exports. */
const MAX_CORE_ITEMS = 100_000;

const LETTERS: ReadonlyMap<number, string> = new Map([
	[0x7f, "i"],
	[0x7e, "I"],
	[0x7d, "f"],
	[0x7c, "F"],
]);

/** Reads the imports and exports of a core module. */
export function readCoreInterface(bytes: Uint8Array): CoreInterface {
	const signatures: CoreSignature[] = [];
	/** Index of the type of each function, imported ones first. */
	const functions: number[] = [];
	const imports: CoreImport[] = [];
	const exports = new Map<string, CoreSurface>();
	const surface = (sort: CoreItemSort, index: number): CoreSurface => {
		if (sort !== "core function") return { sort, signature: "" };
		const signature = signatures[functions[index] ?? -1];
		if (signature === undefined) throw malformed(`one of its core modules has no function ${index} with a type`);
		return { sort, signature };
	};
	const read: Readonly<Record<number, (body: ByteReader) => void>> = {
		1: (body) => void signatures.push(readSignature(body)),
		2: (body) => {
			const { module, name, sort, type } = readImport(body);
			if (sort === "core function") functions.push(type);
			imports.push({ module, name, ...surface(sort, functions.length - 1) });
			requireFew(imports.length);
		},
		3: (body) => void functions.push(body.u32()),
		5: skipLimits,
		7: (body) => {
			const name = body.text();
			const sort = readSort(body);
			exports.set(name, surface(sort, body.u32()));
			requireFew(exports.size);
		},
	};
	for (const { id, body } of sections(bytes)) {
		const reader = read[id];
		if (reader !== undefined) body.vector(() => reader(body));
	}
	return { imports, exports };
}

function requireFew(count: number): void {
	if (count > MAX_CORE_ITEMS) throw malformed(`one of its core modules has more than ${MAX_CORE_ITEMS} imports or exports`);
}

function readSignature(body: ByteReader): CoreSignature {
	if (body.u8() !== 0x60) throw malformed("it uses garbage-collected WebAssembly types, whose memory this host cannot limit");
	return `${readValueTypes(body)}>${readValueTypes(body)}`;
}

function readValueTypes(body: ByteReader): string {
	let letters = "";
	body.vector(() => {
		letters += readValueType(body);
	});
	return letters;
}

/** Reads a value type. Returns its letter. */
function readValueType(body: ByteReader): string {
	const type = body.u8();
	if (type === 0x63 || type === 0x64) body.skipLeb();
	return LETTERS.get(type) ?? "?";
}

function readSort(body: ByteReader): CoreItemSort {
	const kind = body.u8();
	const sort = SORTS[kind];
	if (sort === undefined) throw malformed(`a core item of unknown kind ${kind}`);
	return sort;
}

function readImport(body: ByteReader): { module: string; name: string; sort: CoreItemSort; type: number } {
	const module = body.text();
	const name = body.text();
	const sort = readSort(body);
	if (sort === "core function") return { module, name, sort, type: body.u32() };
	if (sort === "core tag") {
		body.u8();
		body.u32();
	} else if (sort === "core global") {
		readValueType(body);
		body.u8();
	} else {
		if (sort === "core table") readValueType(body);
		skipLimits(body);
	}
	return { module, name, sort, type: -1 };
}

function skipLimits(body: ByteReader): void {
	const flags = body.u8();
	if (flags > 1) throw malformed("it uses a shared or 64-bit memory or table; build it for plain 32-bit memory");
	body.u32();
	if (flags === 1) body.u32();
}
