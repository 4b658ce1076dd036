/** A document without the comments that mark a generated part. */
export class MarkerError extends Error {
	override readonly name = "MarkerError";
}

/** A generated part of a document. */
export interface MarkedPart {
	readonly name: string;
	/** Command that makes the part. The comment at its begin names the command. */
	readonly command: string;
}

/**
 * Replaces a generated part of a document. Comments mark its begin and its end; the text around them is written by hand.
 *
 * @throws MarkerError when the comments are missing.
 */
export function replacePart(document: string, { name, command }: MarkedPart, content: string): string {
	const [begin, end] = [`<!-- ${name}: made by \`${command}\` -->`, `<!-- end of ${name} -->`];
	const [from, to] = [document.indexOf(begin), document.indexOf(end)];
	if (from === -1 || to < from) throw new MarkerError(`part '${name}' is missing: put it between '${begin}' and '${end}'`);
	return `${document.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
}
