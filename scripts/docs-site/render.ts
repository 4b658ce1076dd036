import { Marked, type Token, type Tokens } from "marked";
import { Anchors } from "./anchors.ts";
import { escaped } from "./escape.ts";

export interface Heading {
	readonly level: number;
	readonly anchor: string;
	readonly title: string;
}

/** Text of a page below one heading, for the search. */
export interface SearchedText {
	/** `undefined` for the text before the first heading. */
	readonly heading: Heading | undefined;
	readonly text: string;
}

export interface RenderedPage {
	/** Content of `main`. */
	readonly html: string;
	readonly title: string;
	readonly headings: readonly Heading[];
	readonly texts: readonly SearchedText[];
}

/** Resolves the target of a link or an image to a URL. */
export type LinkResolver = (target: string) => string;

/**
 * Returns a Markdown document as HTML. Comments are left out, and `<br>` is kept.
 *
 * @throws Error for other HTML in the document: the text would not be escaped.
 */
export function renderMarkdown(markdown: string, resolve: LinkResolver): RenderedPage {
	const anchors = new Anchors();
	const headings: Heading[] = [];
	const marked = new Marked({
		renderer: {
			heading({ tokens, depth }) {
				const title = textOf(tokens);
				const anchor = anchors.add(title);
				headings.push({ level: depth, anchor, title });
				const link = depth === 1 ? "" : `<a class="anchor" href="#${escaped(anchor)}" aria-label="Link to ${escaped(title)}">#</a>`;
				return `<h${depth} id="${escaped(anchor)}">${this.parser.parseInline(tokens)}${link}</h${depth}>\n`;
			},
			link({ href, tokens }) {
				return `<a href="${escaped(resolve(href))}">${this.parser.parseInline(tokens)}</a>`;
			},
			image({ href, text }) {
				return `<img src="${escaped(resolve(href))}" alt="${escaped(text)}">`;
			},
			code({ text }) {
				return `<pre tabindex="0"><code>${escaped(text.replace(/\n+$/, ""))}\n</code></pre>\n`;
			},
			table({ header, rows }) {
				const cellsOf = (name: string, cells: readonly Tokens.TableCell[]): string =>
					cells.map(({ tokens }) => `<${name}>${this.parser.parseInline(tokens)}</${name}>`).join("");
				const body = rows.map((cells) => `<tr>${cellsOf("td", cells)}</tr>\n`).join("");
				const head = header.map(({ tokens }) => `<th scope="col">${this.parser.parseInline(tokens)}</th>`).join("");
				return `<div class="table" tabindex="0"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}</tbody>\n</table></div>\n`;
			},
			html({ text }) {
				if (text === "<br>") return text;
				if (text.replace(/<!--.*?-->/gs, "").trim() !== "") throw new Error(`HTML in Markdown is not rendered: ${text.trim()}`);
				return "";
			},
		},
	});
	const tokens = marked.lexer(markdown);
	const html = marked.parser(tokens);
	return { html, title: headings[0]?.title ?? "", headings, texts: textsOf(tokens, headings) };
}

/** Returns the words of tokens, without marks. */
function textOf(tokens: readonly Token[]): string {
	return tokens.map(wordsOf).join("");
}

function wordsOf(token: Token): string {
	if (token.type === "html" || token.type === "space") return " ";
	if (token.type === "table")
		return (token as Tokens.Table).header
			.concat(...(token as Tokens.Table).rows)
			.map(({ tokens }) => textOf(tokens))
			.join(" ");
	if (token.type === "list") return (token as Tokens.List).items.map(({ tokens }) => textOf(tokens)).join(" ");
	if ("tokens" in token && token.tokens !== undefined) return textOf(token.tokens);
	return "text" in token && typeof token.text === "string" ? token.text : "";
}

function textsOf(tokens: readonly Token[], headings: readonly Heading[]): SearchedText[] {
	const texts: { heading: Heading | undefined; text: string }[] = [{ heading: undefined, text: "" }];
	let next = 0;
	for (const token of tokens) {
		if (token.type === "heading") texts.push({ heading: headings[next++], text: "" });
		else {
			const last = texts.at(-1);
			if (last !== undefined) last.text += ` ${wordsOf(token)}`;
		}
	}
	return texts
		.map(({ heading, text }) => ({ heading, text: text.replace(/\s+/g, " ").trim() }))
		.filter(({ heading, text }) => heading !== undefined || text !== "");
}
