/**
 * Reads the frames of WebAssembly in a stack trace of V8, and puts them into words. The names in them are bytes of the guest: they may be
 * long, hold control characters, or look like frames themselves.
 */

/** A function of a core module in a stack trace. */
export interface WasmFrame {
	/** Name in the module's name section, printable and at most 80 characters. Absent for a module without that section. */
	readonly name?: string;
	/** Index of the function in its module. */
	readonly index: number;
	/** Position of the instruction, in bytes from the start of the module. */
	readonly offset: number;
	/** Address of the module, e.g. `wasm://wasm/004fe01a`. */
	readonly url: string;
}

/** Number of characters of a function's name that are shown. */
const MAX_NAME = 80;
/** Number of lines of a stack trace that are read. V8 writes 10 by default. */
const MAX_LINES = 256;
/** Number of characters that are read at each end of a line. */
const HALF_LINE = 1_024;
const MARK = ":wasm-function[";
const SCHEME = "wasm://wasm/";

/**
 * Returns the frames of WebAssembly in a stack trace, innermost first. Frames of JavaScript are left out. The cost is linear in the text.
 *
 * @param stack The `stack` of an error, e.g. of a `WebAssembly.RuntimeError`.
 */
export function wasmFrames(stack: string): WasmFrame[] {
	const frames: WasmFrame[] = [];
	let start = 0;
	for (let count = 0; count < MAX_LINES && start < stack.length; count += 1) {
		const newline = stack.indexOf("\n", start);
		const end = newline === -1 ? stack.length : newline;
		const frame = readFrame(boundedLine(stack, start, end));
		if (frame !== undefined) frames.push(frame);
		start = end + 1;
	}
	return frames;
}

/** Returns a line, without the middle of a longer one: a name may be as long as the guest wants. */
function boundedLine(stack: string, start: number, end: number): string {
	if (end - start <= 2 * HALF_LINE) return stack.slice(start, end);
	return stack.slice(start, start + HALF_LINE) + stack.slice(end - HALF_LINE, end);
}

/** Reads `    at NAME (wasm://wasm/HASH:wasm-function[INDEX]:0xOFFSET)`, from the end, because a name may hold anything. */
function readFrame(line: string): WasmFrame | undefined {
	const mark = line.lastIndexOf(MARK);
	const scheme = line.lastIndexOf(SCHEME, mark);
	const from = /^\s*at (?:async )?/.exec(line)?.[0].length;
	if (mark < 0 || scheme < 0 || from === undefined) return undefined;
	const place = /^(\d{1,10})\]:0x([0-9a-f]{1,8})(\)?)$/.exec(line.slice(mark + MARK.length));
	if (place === null) return undefined;
	const [, index = "", offset = "", closing] = place;
	// Two characters, ` (`, stand between a name and its place.
	const shown = closing === ")" ? line.slice(from, Math.max(from, scheme - 2)) : "";
	const name = printableName(withoutModule(shown, line.slice(scheme + SCHEME.length, mark)));
	return {
		...(name === "" ? {} : { name }),
		index: Number(index),
		offset: Number.parseInt(offset, 16),
		url: printableName(line.slice(scheme, mark)),
	};
}

/** Returns the name without that of its module, which V8 puts before each function: `parser.scan`, and `parser` for one without a name. */
function withoutModule(name: string, address: string): string {
	const module = address.slice(0, Math.max(0, address.lastIndexOf("-")));
	if (module === "" || !name.startsWith(module)) return name;
	if (name === module) return "";
	return name.startsWith(".", module.length) ? name.slice(module.length + 1) : name;
}

/** Returns text of a guest with every character that a terminal or a log may obey replaced by `?`, cut after `length` characters. */
export function printableName(text: string, length = MAX_NAME): string {
	const shown = text.slice(0, length + 1).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
	return shown.length > length ? `${shown.slice(0, length - 1)}…` : shown;
}
