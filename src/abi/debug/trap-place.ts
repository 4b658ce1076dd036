import { type WasmFrame, wasmFrames } from "./wasm-stack.ts";

/** Number of functions that a message names. */
const MAX_FRAMES = 5;

/**
 * Returns the place of a trap as the end of a sentence, e.g. `` in `parse` (function 12, offset 0x1abc), called by `main` (function 3) ``.
 * Empty if the stack shows no frame of WebAssembly. Names of functions need the module's name section. At most five functions are named,
 * and a function that calls itself counts as one.
 */
export function trapPlace(error: unknown): string {
	const stack = error instanceof Error ? error.stack : undefined;
	if (typeof stack !== "string") return "";
	const [innermost, ...callers] = wasmFrames(stack).filter((frame, position, all) => !isSame(frame, all[position - 1]));
	if (innermost === undefined) return "";
	const place = ` in ${describe(innermost, `offset 0x${innermost.offset.toString(16)}`)}`;
	const shown = callers.slice(0, MAX_FRAMES - 1).map((frame) => describe(frame));
	return shown.length === 0 ? place : `${place}, called by ${shown.join(", ")}${callers.length >= MAX_FRAMES ? ", …" : ""}`;
}

function isSame(frame: WasmFrame, other: WasmFrame | undefined): boolean {
	return frame.index === other?.index && frame.url === other.url;
}

/** Returns `` `parse` (function 12, offset 0x1abc) ``, or `function 12 (offset 0x1abc)` without a name. */
function describe({ name, index }: WasmFrame, ...details: readonly string[]): string {
	const number = `function ${index}`;
	if (name !== undefined) return `\`${name.replaceAll("`", "'")}\` (${[number, ...details].join(", ")})`;
	return details.length === 0 ? number : `${number} (${details.join(", ")})`;
}
