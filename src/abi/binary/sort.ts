import type { ComponentReader } from "../component/binary/component-reader.ts";
import { malformed } from "./byte-reader.ts";

/** Sort of a core item that an instance of a core module exports. */
export type CoreItemSort = "core function" | "core table" | "core memory" | "core global" | "core tag";

/** Index space of a component or type. */
export type Sort = CoreItemSort | "core type" | "core module" | "core instance" | "function" | "type" | "component" | "instance";

const CORE_ITEMS: readonly CoreItemSort[] = ["core function", "core table", "core memory", "core global", "core tag"];

/** Reads the sort of an export of a core instance, written as in the import and export sections of a core module. */
export function readCoreItemSort(reader: ComponentReader): CoreItemSort {
	const at = reader.position;
	const code = reader.u8();
	const sort = CORE_ITEMS[code];
	if (sort === undefined) throw malformed(`a core item of unknown kind ${code} at byte ${at}`);
	return sort;
}

/** Reads a sort. Values are refused: no toolchain emits them. */
export function readSort(reader: ComponentReader): Sort {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0) return readCoreSort(reader);
	if (code === 1) return "function";
	if (code === 2) throw malformed(`it uses a component value at byte ${at}, which this host does not support`);
	if (code === 3) return "type";
	if (code === 4) return "component";
	if (code === 5) return "instance";
	throw malformed(`an item of unknown kind ${code} at byte ${at}`);
}

function readCoreSort(reader: ComponentReader): Sort {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0x10) return "core type";
	if (code === 0x11) return "core module";
	if (code === 0x12) return "core instance";
	const sort = CORE_ITEMS[code];
	if (sort === undefined) throw malformed(`a core item of unknown kind ${code} at byte ${at}`);
	return sort;
}

/** Returns true for the sorts that an instance of a core module exports. */
export function isCoreItemSort(sort: Sort): sort is CoreItemSort {
	return CORE_ITEMS.some((each) => each === sort);
}
