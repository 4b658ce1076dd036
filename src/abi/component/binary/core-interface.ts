import { type ByteReader, malformed } from "./byte-reader.ts";
import { sections } from "./core-module.ts";
import type { CoreItemSort } from "./sort.ts";

/** Import of a core module. */
export interface CoreImport {
	readonly module: string;
	readonly name: string;
	readonly sort: CoreItemSort;
}

/** Imports and exports of a core module. Their types are left to the engine, which compares them when the module is instantiated. */
export interface CoreInterface {
	readonly imports: readonly CoreImport[];
	readonly exports: ReadonlyMap<string, CoreItemSort>;
}

const SORTS: readonly CoreItemSort[] = ["core function", "core table", "core memory", "core global", "core tag"];

/** Most imports and exports of one core module, each. V8 has the same bound of imports and ten times as many exports. */
const MAX_CORE_ITEMS = 100_000;

/** Reads the imports and exports of a core module. */
export function readCoreInterface(bytes: Uint8Array): CoreInterface {
	const imports: CoreImport[] = [];
	const exports = new Map<string, CoreItemSort>();
	for (const { id, body } of sections(bytes)) {
		if (id === 2) counted(body, () => imports.push(readImport(body)));
		if (id === 7)
			counted(body, () => {
				const name = body.text();
				exports.set(name, sortOf(body));
				body.u32();
			});
	}
	return { imports, exports };
}

function counted(body: ByteReader, read: () => void): void {
	let count = 0;
	body.vector(() => {
		count += 1;
		if (count > MAX_CORE_ITEMS) throw malformed(`one of its core modules has more than ${MAX_CORE_ITEMS} imports or exports`);
		read();
	});
}

function sortOf(body: ByteReader): CoreItemSort {
	const kind = body.u8();
	const sort = SORTS[kind];
	if (sort === undefined) throw malformed(`a core item of unknown kind ${kind}`);
	return sort;
}

function readImport(body: ByteReader): CoreImport {
	const found = { module: body.text(), name: body.text(), sort: sortOf(body) };
	if (found.sort === "core function") body.u32();
	else if (found.sort === "core tag") {
		body.u8();
		body.u32();
	} else if (found.sort === "core global") {
		skipValueType(body);
		body.u8();
	} else {
		if (found.sort === "core table") skipValueType(body);
		skipLimits(body);
	}
	return found;
}

function skipLimits(body: ByteReader): void {
	const flags = body.u8();
	if (flags > 1) throw malformed("it uses a shared or 64-bit memory or table; build it for plain 32-bit memory");
	body.u32();
	if (flags === 1) body.u32();
}

function skipValueType(body: ByteReader): void {
	const type = body.u8();
	if (type === 0x63 || type === 0x64) body.skipLeb();
}
