import { ByteReader, malformed } from "../../binary/byte-reader.ts";

/**
 * Most items of all vectors of a component: definitions, fields, cases, arguments. A component of all hostcalls has some thousand, and
 * each becomes an object of some hundred bytes.
 */
const MAX_ITEMS = 200_000;

/** Totals of all components of a file, for their bounds. */
export interface ParseTotals {
	items: number;
	readonly modules: Uint8Array[];
}

/** Reads the structure of a component. All readers of one file share their counts. */
export class ComponentReader extends ByteReader {
	readonly totals: ParseTotals;

	constructor(bytes: Uint8Array, position: number, end: number, totals: ParseTotals) {
		super(bytes, position, end);
		this.totals = totals;
	}

	/** Reads the length of a section, returns a reader of its content, and skips it. */
	section(): ComponentReader {
		const { position, end } = this.window(this.u32());
		return new ComponentReader(this.bytes, position, end, this.totals);
	}

	/** Reads a count and as many items. The count is bounded before anything is allocated. */
	list<T>(read: (at: number) => T): T[] {
		const at = this.position;
		const count = this.u32();
		if (count > this.end - this.position) throw malformed(`a count of ${count} at byte ${at} is larger than the rest of its section`);
		this.totals.items += count;
		if (this.totals.items > MAX_ITEMS) throw malformed(`it holds more than ${MAX_ITEMS} items, counted at byte ${at}`);
		const items: T[] = [];
		for (let index = 0; index < count; index += 1) items.push(read(this.position));
		return items;
	}

	/** Reads an item that may be absent. */
	optional<T>(read: () => T): T | undefined {
		const at = this.position;
		const present = this.u8();
		if (present > 1) throw malformed(`a mark of presence at byte ${at} is ${present}`);
		return present === 1 ? read() : undefined;
	}

	/** Reads a byte that must have one value. */
	expect(value: number, what: string): void {
		const at = this.position;
		const found = this.u8();
		if (found !== value) throw malformed(`${what} at byte ${at} is 0x${found.toString(16)}, not 0x${value.toString(16)}`);
	}
}
