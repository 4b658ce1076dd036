/**
 * Doc comments as HTML. A comment is Markdown of the WIT's author, and can neither run a script nor fetch anything. HTML in a comment is shown
 * as text, an image is a link, and links lead to web pages and mail addresses only.
 */
import { type Node, type NodeWalkingStep, Parser } from "commonmark";
import { Html, html } from "./markup.ts";

/** Longer comments, in characters, are shown as plain text: a few patterns take the parser quadratic time. */
const LONGEST_PARSED = 8192;

/** Returns the anchor of a name in code, or undefined for a name that is not known. */
export type FindName = (name: string) => string | undefined;

export function prose(text: string, find: FindName): Html | undefined {
	if (text === "") return undefined;
	if (text.length > LONGEST_PARSED) return html`<p class="plain">${text}</p>`;
	const printer = new Printer(find);
	const walker = new Parser().parse(text).walker();
	for (let step = walker.next(); step !== null; step = walker.next()) printer.step(step);
	return Html.trusted(printer.parts.join(""));
}

/** The first sentence of a comment, without its marks. */
export function summary(text: string): string {
	if (text.length > LONGEST_PARSED) return "";
	const paragraph = new Parser().parse(text).firstChild;
	if (paragraph?.type !== "paragraph") return "";
	const words: string[] = [];
	const walker = paragraph.walker();
	for (let step = walker.next(); step !== null; step = walker.next()) {
		const { type, literal } = step.node;
		if (type === "softbreak" || type === "linebreak") words.push(" ");
		else if (type === "text" || type === "code") words.push(literal ?? "");
	}
	const plain = words.join("");
	const end = plain.indexOf(". ");
	return end < 0 ? plain : plain.slice(0, end + 1);
}

class Printer {
	readonly parts: string[] = [];
	readonly #find: FindName;
	/** Links and images around the current node. A link in a link would end the outer one. */
	#linkDepth = 0;

	constructor(find: FindName) {
		this.#find = find;
	}

	step({ entering, node }: NodeWalkingStep): void {
		switch (node.type) {
			case "text":
			case "html_inline":
				this.#add(html`${node.literal ?? ""}`);
				break;
			case "html_block":
				this.#add(html`<p class="plain">${node.literal ?? ""}</p>\n`);
				break;
			case "code":
				this.#code(node.literal ?? "");
				break;
			case "code_block":
				this.#add(html`<pre><code>${node.literal ?? ""}</code></pre>\n`);
				break;
			case "softbreak":
				this.parts.push("\n");
				break;
			case "linebreak":
				this.parts.push("<br>");
				break;
			case "thematic_break":
				this.parts.push("<hr>");
				break;
			case "link":
			case "image":
				this.#link(node, entering);
				break;
			case "paragraph":
				if (!isTight(node)) this.#element("p", entering);
				break;
			case "heading":
				// The headings of the page are those of its items.
				this.parts.push(entering ? '<p class="heading">' : "</p>\n");
				break;
			case "emph":
				this.#element("em", entering);
				break;
			case "strong":
				this.#element("strong", entering);
				break;
			case "block_quote":
				this.#element("blockquote", entering);
				break;
			case "list":
				this.#element(node.listType === "ordered" ? "ol" : "ul", entering);
				break;
			case "item":
				this.#element("li", entering);
				break;
			default:
				break;
		}
	}

	#add({ text }: Html): void {
		this.parts.push(text);
	}

	#element(name: string, entering: boolean): void {
		this.parts.push(entering ? `<${name}>` : `</${name}>`);
	}

	#code(text: string): void {
		const id = this.#linkDepth === 0 ? this.#find(text) : undefined;
		this.#add(id === undefined ? html`<code>${text}</code>` : html`<a href="#${id}"><code>${text}</code></a>`);
	}

	#link({ destination }: Node, entering: boolean): void {
		if (!entering) this.#linkDepth--;
		if (this.#linkDepth === 0 && destination !== null && isOfTheWeb(destination))
			this.#add(entering ? html`<a href="${destination}" rel="noreferrer">` : html`</a>`);
		if (entering) this.#linkDepth++;
	}
}

function isOfTheWeb(destination: string): boolean {
	return /^(?:https?:\/\/|mailto:)/i.test(destination);
}

/** Paragraphs in the items of a tight list are no paragraphs. */
function isTight({ parent }: Node): boolean {
	return parent?.type === "item" && parent.parent?.listTight === true;
}
