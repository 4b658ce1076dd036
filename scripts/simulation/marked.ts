/** Parts of a document that are made, each between two comments; what stands around them is written by hand. */
export class MarkerError extends Error {
	override readonly name = "MarkerError";
}

/** The document with the part of that name replaced. */
export function replacePart(document: string, name: string, content: string): string {
	const [begin, end] = [`<!-- ${name}: made by \`npm run simulate -- --write\` -->`, `<!-- end of ${name} -->`];
	const [from, to] = [document.indexOf(begin), document.indexOf(end)];
	if (from === -1 || to < from) throw new MarkerError(`no part '${name}': it stands between '${begin}' and '${end}'`);
	return `${document.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
}
