/** Puts text for new members at the end of object literals and classes, at the depth of what is there. */
import { type ClassDeclaration, Node, type ObjectLiteralExpression, type SourceFile, SyntaxKind } from "ts-morph";

export interface Insertion {
	readonly place: ObjectLiteralExpression | ClassDeclaration;
	/** A text for each member, indented by tabs as at the start of a line. */
	readonly texts: readonly string[];
}

interface Edit {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/** All insertions of one file at once, the last first, so that the places of the others stay where they are. */
export function insertMembers(file: SourceFile, insertions: readonly Insertion[]): void {
	const edits = insertions.flatMap(({ place, texts }) => [memberEdit(place, texts), ...commaEdit(place)]);
	for (const { start, end, text } of edits.sort((a, b) => b.start - a.start || b.end - a.end)) file.replaceText([start, end], text);
}

/** Replaces the white space before the closing brace. */
function memberEdit(place: Insertion["place"], texts: readonly string[]): Edit {
	const end = place.getEnd() - 1;
	const start = textBefore(place, end).trimEnd().length;
	const depth = tabsBefore(place);
	const members = texts.map((text) => indent(text, depth + 1));
	const closing = "\t".repeat(depth);
	if (!Node.isClassDeclaration(place)) return { start, end, text: `\n${members.map((member) => `${member},\n`).join("")}${closing}` };
	const lead = place.getMembers().length > 0 ? "\n" : "";
	return { start, end, text: `\n${lead}${members.join("\n\n")}\n${closing}` };
}

/** The comma that the last property lacks; it goes right behind the property, before any comment. */
function commaEdit(place: Insertion["place"]): Edit[] {
	const last = Node.isClassDeclaration(place) ? undefined : place.getProperties().at(-1);
	if (last === undefined || last.getNextSiblingIfKind(SyntaxKind.CommaToken) !== undefined) return [];
	return [{ start: last.getEnd(), end: last.getEnd(), text: "," }];
}

/** Indentation, in tabs, of the line that the place begins on. */
function tabsBefore(place: Node): number {
	const before = textBefore(place, place.getStart());
	return /^\t*/.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0].length ?? 0;
}

function textBefore(place: Node, position: number): string {
	return place.getSourceFile().getFullText().slice(0, position);
}

function indent(text: string, depth: number): string {
	const prefix = "\t".repeat(depth);
	return text
		.split("\n")
		.map((line) => (line === "" ? line : prefix + line))
		.join("\n");
}
