import { isRecord } from "../../component/toolchain.ts";
import { printableName } from "../wasm-stack.ts";
import { decodeMappings, findPosition, type Mappings } from "./mappings.ts";
import { MAX_SOURCE_MAP_BYTES } from "./section.ts";

/** Number of sources, and length of a source's path, that are read of a map. */
const MAX_SOURCES = 20_000;
/** Number of positions that are replaced in one text. */
const MAX_POSITIONS = 64;

/**
 * Position in the script of a guest, as the engines write it: `at f (componentize-qjs:user.js:12:7)` by QuickJS, `f@guest.js:12:7` by
 * StarlingMonkey.
 */
const POSITION = /(^|[\s(@])(?:componentize-qjs:user\.js|guest\.js):(\d{1,7}):(\d{1,7})(?!\d)/gm;

/** Position in code that a guest of QuickJS evaluates, and frames of the script that evaluates. */
const EVALUATED = /(^|[\s(@])<input>:(\d{1,7}):(\d{1,7})(?!\d)/gm;
const EVALUATING_FRAME = /\n[ \t]+at [^\n(]{0,200}\(componentize-qjs:user\.js:\d{1,7}:\d{1,7}\)(?=\n|$)/g;

/** Member `file` of a map whose code is evaluated by the guest's script. */
export const EVALUATED_FILE = "<input>";

/** Frames of StarlingMonkey's own script, with a path of the machine of the build. */
const ENGINE_FRAME = /(?:^|\n)[^\n@]{0,200}@[^\n@]{0,400}\/sources\/initializer\.js:\d{1,9}:\d{1,9}(?=\n|$)/g;

interface Decoded {
	readonly sources: readonly string[];
	readonly mappings: Mappings;
}

/**
 * Source map of a guest's script. A map is part of the guest and may be hostile. The map is decoded at the guest's first failure, in time
 * and memory linear in at most 1 MiB. No file is read. A map that cannot be read changes no text.
 */
export class GuestSourceMap {
	#text: string | undefined;
	#decoded: Decoded | undefined;
	readonly #isEvaluated: boolean;

	/** @param text JSON of a source map. Absent for a guest without one. */
	constructor(text: string | undefined) {
		this.#text = text;
		this.#isEvaluated = text?.startsWith(`{"file":"${EVALUATED_FILE}"`) === true;
	}

	/** Returns the text with positions in the guest's script replaced by those in the author's code, e.g. `src/agent.ts:12:7`. Never throws. */
	locate(text: string): string {
		if (!text.includes(this.#isEvaluated ? "<input>:" : ".js:")) return text;
		let count = 0;
		return text
			.replace(this.#isEvaluated ? EVALUATING_FRAME : ENGINE_FRAME, "")
			.replace(this.#isEvaluated ? EVALUATED : POSITION, (found: string, before: string, line: string, column: string) => {
				count += 1;
				const position = count <= MAX_POSITIONS ? this.#find(Number(line), Number(column)) : undefined;
				return position === undefined ? found : `${before}${position}`;
			});
	}

	#find(line: number, column: number): string | undefined {
		if (this.#text !== undefined) {
			this.#decoded = decode(this.#text);
			this.#text = undefined;
		}
		const position = this.#decoded === undefined ? undefined : findPosition(this.#decoded.mappings, line - 1, column - 1);
		const source = position === undefined ? undefined : this.#decoded?.sources[position.source];
		if (position === undefined || source === undefined || position.line < 0 || position.column < 0) return undefined;
		return `${source}:${position.line + 1}:${position.column + 1}`;
	}
}

function decode(text: string): Decoded | undefined {
	if (text.length > MAX_SOURCE_MAP_BYTES) return undefined;
	let map: unknown;
	try {
		map = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isRecord(map) || map.version !== 3 || typeof map.mappings !== "string" || !Array.isArray(map.sources)) return undefined;
	const mappings = decodeMappings(map.mappings);
	if (mappings === undefined) return undefined;
	const sources = map.sources
		.slice(0, MAX_SOURCES)
		.map((source: unknown) => (typeof source === "string" ? printableName(source, 200) : "?"));
	return { sources, mappings };
}
