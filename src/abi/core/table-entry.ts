import { type CoreModule, webAssembly } from "../web-assembly.ts";

/** Names that toolchains give to the table of functions, the preferred one first. */
const TABLE_NAMES = ["__indirect_function_table", "table"];

/** A call of an entry of a table: its index, and the parameters of a tool. */
export type TableEntry = (index: number, input: number, inputLength: number, output: number, outputLength: number) => Promise<unknown>;

/**
 * A module that calls an entry of a table by `call_indirect`. So the engine itself checks that the entry exists and has the type of a tool, which
 * no API of JavaScript can tell.
 *
 *     (import "" "" (table 0 funcref))
 *     (func (export "") (param i32 i32 i32 i32 i32) (result i32)
 *       (call_indirect (param i32 i32 i32 i32) (result i32)
 *         (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 0)))
 */
// biome-ignore format: one section a line
const ADAPTER = Uint8Array.of(
	0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
	0x01, 0x12, 0x02, 0x60, 0x05, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x04, 0x7f, 0x7f, 0x7f, 0x7f, 0x01, 0x7f,
	0x02, 0x07, 0x01, 0x00, 0x00, 0x01, 0x70, 0x00, 0x00,
	0x03, 0x02, 0x01, 0x00,
	0x07, 0x04, 0x01, 0x00, 0x00, 0x00,
	0x0a, 0x11, 0x01, 0x0f, 0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0x20, 0x04, 0x20, 0x00, 0x11, 0x01, 0x00, 0x0b,
	// The name of the function, for stacks: call_tool.
	0x00, 0x13, 0x04, 0x6e, 0x61, 0x6d, 0x65, 0x01, 0x0c, 0x01, 0x00, 0x09, 0x63, 0x61, 0x6c, 0x6c, 0x5f, 0x74, 0x6f, 0x6f, 0x6c,
);

let adapter: CoreModule | undefined;

/** Returns the function that calls entries of the guest's table, on a stack of their own. `undefined` if the guest exports no table of functions. */
export function tableEntry(exports: Readonly<Record<string, unknown>>): TableEntry | undefined {
	const table = [...TABLE_NAMES.map((name) => exports[name]), ...Object.values(exports)].find((item) => item instanceof webAssembly.Table);
	if (table === undefined) return undefined;
	adapter ??= new webAssembly.Module(ADAPTER);
	try {
		const { exports: own } = new webAssembly.Instance(adapter, { "": { "": table } });
		const call = own[""];
		if (!isFunction(call)) return undefined;
		const entry = webAssembly.promising(call);
		return (...values) => Reflect.apply(entry, undefined, values);
	} catch {
		// A table of other references.
		return undefined;
	}
}

function isFunction(value: unknown): value is (...values: never[]) => unknown {
	return typeof value === "function";
}
