/**
 * Doc comments as parts of a Markdown page. A comment is Markdown, and often that of a stranger: it brings no HTML and no links that run code, and
 * does not swallow what follows it.
 */

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;

/** The comment as paragraphs. */
export function commentText(text: string): string {
	const lines: string[] = [];
	let paragraph: string[] = [];
	let fence: string | undefined;
	const endParagraph = (): void => {
		lines.push(...withoutMarkup(paragraph));
		paragraph = [];
	};
	for (const line of text.split("\n")) {
		const sign = FENCE.exec(line)?.[1];
		if (fence !== undefined) {
			lines.push(line);
			if (isClosing(line, fence)) fence = undefined;
		} else if (sign !== undefined) {
			endParagraph();
			lines.push(line);
			fence = sign;
		} else if (line.trim() === "") {
			endParagraph();
			lines.push(line);
		} else paragraph.push(line);
	}
	endParagraph();
	if (fence !== undefined) lines.push(fence);
	return lines.join("\n");
}

/** The comment on one line, for a cell of a table. */
export function commentLine(text: string): string {
	const line = text
		.split("\n")
		.map((each) => each.trim())
		.filter((each) => each !== "")
		.join(" ");
	return withoutMarkup([line]).join("");
}

function isClosing(line: string, fence: string): boolean {
	const sign = line.trim();
	return /^ {0,3}\S/.test(line) && sign.length >= fence.length && sign === fence.charAt(0).repeat(sign.length);
}

/**
 * Escapes what could begin HTML or such a link outside code. A line may be a block of its own, such as an item of a list, or a part of the paragraph. So
 * only what is code in both is left as it is.
 */
function withoutMarkup(lines: readonly string[]): string[] {
	const whole = codeIn(lines.join("\n"));
	let start = 0;
	return lines.map((line) => {
		const own = codeIn(line);
		const begin = start;
		start += line.length + 1;
		const isCode = (at: number): boolean => own[at] === true && whole[begin + at] === true;
		return line.replace(/<|\](?=\s*[(:])|\](?=$)/g, (sign, at: number) => {
			if (isCode(at)) return sign;
			if (sign === "<") return /^<(?:https?:|mailto:)[^\s<>]*>/i.test(line.slice(at)) ? sign : "&lt;";
			return isHarmless(line.slice(at + 1)) ? sign : "\\]";
		});
	});
}

/** True if what follows a closing bracket is no link, or one to a place. */
function isHarmless(rest: string): boolean {
	const address = /^\s*(?:\(|:)\s*<?([^\s)>]*)/.exec(rest)?.[1];
	if (address === undefined) return true;
	const scheme = /^[^/?#]*[:&\\]/.test(address);
	return !scheme || /^(?:https?|mailto):/i.test(address);
}

/** Returns true for each character in a code span: between two runs of equally many backticks. */
function codeIn(text: string): boolean[] {
	const marks = new Array<boolean>(text.length).fill(false);
	const runs = [...text.matchAll(/\\`|`+/g)].filter(([run]) => !run.startsWith("\\"));
	const closing: (number | undefined)[] = [];
	const later = new Map<number, number>();
	for (let index = runs.length - 1; index >= 0; index -= 1) {
		const length = runs[index]?.[0].length ?? 0;
		closing[index] = later.get(length);
		later.set(length, index);
	}
	for (let open = 0; open < runs.length; open += 1) {
		const length = runs[open]?.[0].length ?? 0;
		const close = closing[open];
		if (close === undefined) continue;
		marks.fill(true, (runs[open]?.index ?? 0) + length, runs[close]?.index);
		open = close;
	}
	return marks;
}
