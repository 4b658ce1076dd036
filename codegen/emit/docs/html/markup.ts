/**
 * HTML that is safe by its making: text becomes a part of it only escaped. The names and comments of a WIT package, which may be a stranger's,
 * go no other way.
 */

export type Content = Html | string | undefined | readonly Content[];

export class Html {
	readonly text: string;

	private constructor(text: string) {
		this.text = text;
	}

	/** Takes text as HTML. Only for text of this program. */
	static trusted(text: string): Html {
		return new Html(text);
	}
}

/** ``html`<a href="#${id}">${name}</a>` ``: strings are escaped, for text and for quoted attributes; arrays are joined; undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
	return Html.trusted(strings.map((text, index) => text + render(values[index])).join(""));
}

export function join(parts: readonly Content[], separator: string): Content {
	return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

export function heading(level: 2 | 3 | 4 | 5, content: Content): Html {
	return Html.trusted(`<h${level}>${render(content)}</h${level}>`);
}

/** Data for a `<script type="application/json">`: without a character that could end the element. */
export function jsonData(value: unknown): Html {
	return Html.trusted(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

function render(content: Content): string {
	if (content === undefined) return "";
	if (typeof content === "string") return escaped(content);
	return content instanceof Html ? content.text : content.map(render).join("");
}

const ESCAPES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
