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
		const frame = readFrame(stack, start, end);
		if (frame !== undefined) frames.push(frame);
		start = end + 1;
	}
	return frames;
}

/** Reads `    at NAME (wasm://wasm/HASH:wasm-function[INDEX]:0xOFFSET)`, from the end, because a name may hold anything. */
function readFrame(stack: string, start: number, end: number): WasmFrame | undefined {
	const mark = stack.lastIndexOf(MARK, end);
	if (mark < start) return undefined;
	const place = /^(\d{1,10})\]:0x([0-9a-f]{1,8})(\)?)$/.exec(stack.slice(mark + MARK.length, Math.min(end, mark + MARK.length + 40)));
	const scheme = stack.lastIndexOf(SCHEME, mark);
	if (place === null || scheme < start) return undefined;
	const [, index = "", offset = "", closing] = place;
	const from = /^\s*at (?:async )?/.exec(stack.slice(start, Math.min(end, start + 40)))?.[0].length;
	if (from === undefined) return undefined;
	// Two characters, ` (`, stand between a name and its place.
	const name = closing === ")" ? printableName(stack.slice(start + from, Math.max(start + from, scheme - 2))) : "";
	return {
		...(name === "" ? {} : { name }),
		index: Number(index),
		offset: Number.parseInt(offset, 16),
		url: printableName(stack.slice(scheme, mark)),
	};
}

/** Returns text of a guest with every character that a terminal or a log may obey replaced by `?`, cut after `length` characters. */
export function printableName(text: string, length = MAX_NAME): string {
	const shown = text.slice(0, length + 1).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
	return shown.length > length ? `${shown.slice(0, length - 1)}…` : shown;
}
