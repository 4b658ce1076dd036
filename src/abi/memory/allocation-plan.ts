import { malformed } from "../binary/byte-reader.ts";
import { type CoreModuleCaps, type CoreModuleNeeds, PAGE_BYTES, type Size } from "../binary/core-module.ts";

/** Bytes that V8 holds for an entry of a table. Measured on Node 24 as growth of the process, for 64 million entries. */
export const TABLE_ENTRY_BYTES = 32;
/** Bytes that V8 holds for a global variable, its object for JavaScript included. Rounded up. */
const GLOBAL_BYTES = 64;
/** Largest table, in entries. No known guest has more than 10,000. */
const MAX_TABLE_ENTRIES = 1_000_000;
/** Largest memory of 32 bits, in pages. */
const MAX_PAGES = 65_536;
/** Part of the room for growth that tables may take. Otherwise a growable table would take the room of the memory. */
const TABLE_SHARE = 1 / 8;

/** The caps of one core module, and the bytes that an instance of the module can occupy under them. */
export interface ModulePlan {
	readonly caps: CoreModuleCaps;
	readonly bytes: number;
	/** Bytes that an instance of the module occupies at its start. Hidden allocations count with their caps. */
	readonly initialBytes: number;
	/** Bytes of the hidden allocations, with their caps. */
	readonly hiddenBytes: number;
}

/**
 * Divides the memory limit of an instance among the memories, tables and globals of its core modules.
 *
 * Every allocation gets its start size. The rest of the limit is room for growth, and each memory and table gets a part in proportion to
 * its start size. The caps of all modules together stay within the limit, so long as each module is instantiated once.
 *
 * @throws SpearError `invalid_request` when the start sizes alone exceed the limit.
 */
export function planAllocations(modules: readonly CoreModuleNeeds[], maxBytes: number): ModulePlan[] {
	const start = modules.reduce((sum, needs) => sum + startBytes(needs), 0);
	if (start > maxBytes) {
		throw malformed(
			`its memories, tables and globals need ${start} bytes to start, and the host's limit is ${maxBytes}; raise max_memory_bytes`,
		);
	}
	const room = maxBytes - start;
	const tables = modules.flatMap((needs) => needs.tables);
	const tableRoom = Math.floor((room * TABLE_SHARE) / TABLE_ENTRY_BYTES);
	const tableGrowth = divide(tables, MAX_TABLE_ENTRIES, tableRoom);
	const taken = [...tableGrowth.values()].reduce((sum, entries) => sum + entries, 0) * TABLE_ENTRY_BYTES;
	const memories = modules.flatMap((needs) => needs.memories);
	const memoryGrowth = divide(memories, MAX_PAGES, Math.floor((room - taken) / PAGE_BYTES));
	return modules.map((needs) => {
		const maxPages = needs.memories.map((memory) => memory.min + (memoryGrowth.get(memory) ?? 0));
		const maxTableEntries = needs.tables.map((table) => table.min + (tableGrowth.get(table) ?? 0));
		return {
			caps: { maxPages, maxTableEntries },
			bytes: bytesOf(maxPages, maxTableEntries, needs.globals),
			initialBytes: bytesOf(
				needs.memories.map(({ min, isHidden = false }, index) => (isHidden ? (maxPages[index] ?? min) : min)),
				needs.tables.map(({ min, isHidden = false }, index) => (isHidden ? (maxTableEntries[index] ?? min) : min)),
				needs.globals,
			),
			hiddenBytes: bytesOf(
				maxPages.filter((_, index) => needs.memories[index]?.isHidden),
				maxTableEntries.filter((_, index) => needs.tables[index]?.isHidden),
				needs.globals,
			),
		};
	});
}

function startBytes({ memories, tables, globals }: CoreModuleNeeds): number {
	return bytesOf(
		memories.map(({ min }) => min),
		tables.map(({ min }) => min),
		globals,
	);
}

function bytesOf(pages: readonly number[], entries: readonly number[], globals: number): number {
	return sum(pages) * PAGE_BYTES + sum(entries) * TABLE_ENTRY_BYTES + globals * GLOBAL_BYTES;
}

/** Divides `room` in proportion to the start sizes. A part that an allocation cannot use goes to the others. */
function divide(sizes: readonly Size[], most: number, room: number): Map<Size, number> {
	const wanted = sizes.map((size) => ({ size, growth: Math.max(0, Math.min(size.max ?? most, most) - size.min) }));
	const growing = wanted.filter(({ growth }) => growth > 0);
	// Memories that start empty share alike when there are no others.
	const empty = growing.every(({ size }) => size.min === 0);
	const weightOf = (size: Size) => (empty ? 1 : size.min);
	let weight = sum(growing.map(({ size }) => weightOf(size)));
	let left = room;
	const parts = new Map<Size, number>();
	for (const { size, growth } of growing.sort((a, b) => a.growth * weightOf(b.size) - b.growth * weightOf(a.size))) {
		if (weightOf(size) === 0) continue;
		const part = Math.min(growth, Math.floor((left * weightOf(size)) / weight));
		parts.set(size, part);
		left -= part;
		weight -= weightOf(size);
	}
	return parts;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
