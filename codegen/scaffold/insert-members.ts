/** Puts text for new members at the end of object literals and classes, at the depth of what is there. */
import { type ClassDeclaration, Node, type ObjectLiteralExpression, type SourceFile } from "ts-morph";

export interface Insertion {
	readonly place: ObjectLiteralExpression | ClassDeclaration;
	/** One text a member, indented by tabs as if it stood at the start of a line. */
	readonly texts: readonly string[];
}

/** All insertions of one file at once, the last first, so that the places of the others stay where they are. */
export function insertMembers(file: SourceFile, insertions: readonly Insertion[]): void {
	const edits = insertions.map(({ place, texts }) => ({ at: place.getEnd() - 1, text: insertedText(place, texts) }));
	for (const { at, text } of edits.sort((a, b) => b.at - a.at)) {
		const before = file.getFullText().slice(0, at);
		const kept = before.trimEnd();
		const gap = before.slice(kept.length);
		file.replaceText([kept.length, at], text(gap));
	}
}

/** The text between the last member and the closing brace, given the white space that was there. */
function insertedText(place: Insertion["place"], texts: readonly string[]): (gap: string) => string {
	const depth = tabsBefore(place);
	const members = texts.map((text) => indent(text, depth + 1));
	const closing = "\t".repeat(depth);
	if (Node.isClassDeclaration(place)) {
		const lead = place.getMembers().length > 0 ? "\n" : "";
		return () => `\n${lead}${members.join("\n\n")}\n${closing}`;
	}
	const properties = place.getProperties();
	const last = properties.at(-1);
	const comma = last === undefined || place.getFullText().slice(last.getEnd() - place.getFullStart()).trimStart().startsWith(",") ? "" : ",";
	return () => `${comma}\n${members.map((member) => `${member},\n`).join("")}${closing}`;
}

/** Indentation, in tabs, of the line that the place begins on. */
function tabsBefore(place: Node): number {
	const text = place.getSourceFile().getFullText();
	const line = text.slice(text.lastIndexOf("\n", place.getStart() - 1) + 1);
	return /^\t*/.exec(line)?.[0].length ?? 0;
}

function indent(text: string, depth: number): string {
	const prefix = "\t".repeat(depth);
	return text
		.split("\n")
		.map((line) => (line === "" ? line : prefix + line))
		.join("\n");
}
