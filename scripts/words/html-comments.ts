import { countNewlines } from "./block.ts";

const OPEN = "<!--";
const CLOSE = "-->";

/** The first comment of a generated section. Names are unique in a file. */
const SECTION_START = /^\s*([\w-]+): made by\s/;
const SECTION_END = /<!-- end of ([\w-]+) -->/g;

/** Removes HTML comments and generated sections. Line numbers stay the same. */
export function withoutComments(source: string): string {
	const sectionEnds = new Map([...source.matchAll(SECTION_END)].map(({ 0: marker, 1: name, index }) => [name, index + marker.length]));
	let kept = "";
	let from = 0;
	for (let open = source.indexOf(OPEN); open >= 0; open = source.indexOf(OPEN, from)) {
		const close = source.indexOf(CLOSE, open + OPEN.length);
		if (close < 0) break;
		const name = SECTION_START.exec(source.slice(open + OPEN.length, close))?.[1];
		// A section without its end is read. Otherwise a typing error would hide the remaining file.
		const end = Math.max(sectionEnds.get(name) ?? 0, close + CLOSE.length);
		kept += source.slice(from, open) + "\n".repeat(countNewlines(source.slice(open, end)));
		from = end;
	}
	return kept + source.slice(from);
}
