/** Blocks of a docstring: its description, and the prose of its tags. */
import type { Block, Line } from "./block.ts";
import { blocksOf } from "./markdown.ts";

const TAG = /^\s*@([a-z][A-Za-z-]*)(?=\s|$)/;
const FENCE = /^\s*(?:`{3,}|~{3,})/;

/** Tags whose text describes the item itself. */
const DESCRIBING_TAGS: ReadonlySet<string> = new Set(["deprecated", "internal", "remarks"]);

/** The part of a tag before its prose: a type, a parameter name. Tags that are not listed have no prose. */
const TAG_HEADS: ReadonlyMap<string, RegExp> = new Map([
	...[...DESCRIBING_TAGS].map((tag): [string, RegExp] => [tag, /^/]),
	["param", /^(?:\{[^{}]*\}\s*)?\S*\s*(?:-\s+)?/],
	["template", /^\S*\s*(?:-\s+)?/],
	["returns", /^(?:\{[^{}]*\}\s*)?/],
	["throws", /^(?:\{[^{}]*\}\s*)?/],
]);

interface Section {
	/** Absent for the description. */
	readonly tag?: string;
	readonly lines: Line[];
}

/** Blocks of a docstring without its comment marks. The first block of a description has the role `opening`. */
export function docstringBlocks(lines: readonly Line[]): Block[] {
	const sections = sectionsOf(lines).map(({ tag, lines }) => ({ tag, blocks: blocksOf(tag === undefined ? lines : proseOf(tag, lines)) }));
	const first = sections.find(({ blocks }) => blocks.length > 0);
	return sections.flatMap((section) => {
		const describes = section.tag === undefined || DESCRIBING_TAGS.has(section.tag);
		return section === first && describes ? markOpening(section.blocks) : section.blocks;
	});
}

function sectionsOf(lines: readonly Line[]): Section[] {
	let current: Section = { lines: [] };
	const sections = [current];
	let fenced = false;
	for (const line of lines) {
		if (FENCE.test(line.text)) fenced = !fenced;
		const tag = fenced ? undefined : TAG.exec(line.text)?.[1];
		if (tag === undefined) {
			current.lines.push(line);
		} else {
			current = { tag, lines: [{ ...line, text: line.text.replace(TAG, "").trimStart() }] };
			sections.push(current);
		}
	}
	return sections;
}

function proseOf(tag: string, lines: readonly Line[]): Line[] {
	const head = TAG_HEADS.get(tag);
	if (head === undefined) return [];
	// Continuation lines are indented by taste, never to mark code.
	return lines.map((line, index) => ({ ...line, text: index === 0 ? line.text.replace(head, "") : line.text.trimStart() }));
}

function markOpening(blocks: readonly Block[]): Block[] {
	return blocks.map((block, index) => (index === 0 ? { ...block, role: "opening" } : block));
}
