/** Bodies of a file: the text between braces, and the items that may stand there. Found in tokens alone, which faulty text has too. */
import type { Token } from "./scan.ts";

export type BodyKind = "file" | "package" | "interface" | "world" | "resource" | "record" | "variant" | "enum" | "flags" | "use" | "with";

export interface Body {
	readonly kind: BodyKind;
	/** Index of the `{`. */
	readonly open: number;
}

/** An item by the bodies that can hold it. */
type ItemKind = "package" | "top" | "use" | "type" | "extern" | "function" | "static" | "constructor";

const HOLDS: Readonly<Record<BodyKind, readonly ItemKind[]>> = {
	file: ["package", "top", "use"],
	package: ["top", "use"],
	interface: ["use", "type", "function"],
	world: ["use", "type", "extern"],
	resource: ["function", "static", "constructor"],
	record: [],
	variant: [],
	enum: [],
	flags: [],
	use: [],
	with: [],
};

export function holds(body: BodyKind, item: ItemKind): boolean {
	return HOLDS[body].includes(item);
}

export function isMemberList(kind: BodyKind): boolean {
	return kind === "record" || kind === "variant" || kind === "enum" || kind === "flags";
}

/** Bodies that are open before the token at `index`, outermost first. The file itself is not among them. */
export function openBodies(tokens: readonly Token[], index: number): Body[] {
	const open: Body[] = [];
	for (let position = 0; position < index; position++) {
		const text = tokens[position]?.text;
		if (text === "{") {
			open.push({ kind: bodyKind(tokens, position), open: position });
		} else if (text === "}") {
			open.pop();
		}
	}
	return open;
}

/** The kind of the body that the `{` at `open` begins. */
export function bodyKind(tokens: readonly Token[], open: number): BodyKind {
	const [keyword, name] = [tokens[open - 2]?.text, tokens[open - 1]?.text];
	if (name === ".") {
		return "use";
	}
	if (name === "with" || name === "interface") {
		return name;
	}
	switch (keyword) {
		case "interface":
		case "world":
		case "resource":
		case "record":
		case "variant":
		case "enum":
		case "flags":
			return keyword;
		default:
			return "package";
	}
}

/** `{` less `}` in the whole file: above zero if closing braces are missing. */
export function missingBraces(tokens: readonly Token[]): number {
	let balance = 0;
	for (const { text } of tokens) {
		balance += text === "{" ? 1 : text === "}" ? -1 : 0;
	}
	return balance;
}

/** The kind of the item that begins at `index`, gates included; undefined for what may be part of a list or an item. */
export function itemAt(tokens: readonly Token[], index: number): ItemKind | undefined {
	const start = afterGates(tokens, index);
	const text = tokens[start]?.text;
	const next = tokens[start + 1];
	if (next?.text === ":") {
		return functionAt(tokens, start + 2);
	}
	if (text === "constructor") {
		return next?.text === "(" ? "constructor" : undefined;
	}
	if (next?.kind !== "word") {
		return undefined;
	}
	switch (text) {
		case "package":
			return "package";
		case "interface":
		case "world":
			return "top";
		case "use":
			return "use";
		case "type":
		case "record":
		case "variant":
		case "enum":
		case "flags":
		case "resource":
			return "type";
		case "import":
		case "export":
		case "include":
			return "extern";
		default:
			return undefined;
	}
}

function functionAt(tokens: readonly Token[], index: number): ItemKind | undefined {
	const isStatic = tokens[index]?.text === "static";
	const start = isStatic ? index + 1 : index;
	const isFunction = tokens[start]?.text === "func" || (tokens[start]?.text === "async" && tokens[start + 1]?.text === "func");
	return isFunction ? (isStatic ? "static" : "function") : undefined;
}

function afterGates(tokens: readonly Token[], index: number): number {
	let position = index;
	while (tokens[position]?.text === "@" && tokens[position + 2]?.text === "(") {
		const close = tokens.findIndex((token, at) => at > position && token.text === ")");
		if (close < 0) {
			return position;
		}
		position = close + 1;
	}
	return position;
}

/** The first token of the item whose keyword, or whose type, is at `index`: before its name and its gates. */
export function itemStart(tokens: readonly Token[], index: number): number {
	let start = tokens[index - 1]?.text === ":" && tokens[index - 2]?.kind === "word" ? index - 2 : index;
	while (tokens[start - 1]?.text === ")") {
		let open = start - 1;
		while (open > 0 && tokens[open]?.text !== "(") {
			open--;
		}
		if (tokens[open - 2]?.text !== "@") {
			break;
		}
		start = open - 2;
	}
	return start;
}
