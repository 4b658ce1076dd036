/** Reader of the commands in `.wast` files of the component model, and of the values in them. */

/** Returns the parenthesised forms at the top level of a text, without comments. */
export function formsOf(text: string): string[] {
	const forms: string[] = [];
	let depth = 0;
	let start = 0;
	for (let at = 0; at < text.length; at += 1) {
		if (text.startsWith(";;", at)) at = ended(text.indexOf("\n", at), text);
		else if (text.startsWith("(;", at)) at = ended(text.indexOf(";)", at) + 1, text);
		else if (text[at] === '"') at = endOfString(text, at);
		else if (text[at] === "(") {
			if (depth === 0) start = at;
			depth += 1;
		} else if (text[at] === ")") {
			depth -= 1;
			if (depth === 0) forms.push(text.slice(start, at + 1));
		}
	}
	return forms;
}

function ended(at: number, text: string): number {
	return at <= 0 ? text.length : at;
}

function endOfString(text: string, start: number): number {
	let at = start + 1;
	while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
	return at;
}

/** Returns the forms inside a form. */
export function partsOf(form: string): string[] {
	return formsOf(form.slice(1, -1));
}

/** Returns the text of the first string in a form. */
export function stringIn(form: string): string {
	const start = form.indexOf('"');
	return decoded(form.slice(start, endOfString(form, start) + 1));
}

function decoded(literal: string): string {
	const bytes: number[] = [];
	const inner = literal.slice(1, -1);
	for (const match of inner.matchAll(/\\u\{([0-9a-f]+)\}|\\([0-9a-f]{2})|\\(.)|([^\\]+)/giu)) {
		const [, point, hex, escaped, plain] = match;
		const text =
			point === undefined ? (plain ?? ESCAPES[escaped ?? ""] ?? escaped ?? "") : String.fromCodePoint(Number.parseInt(point, 16));
		bytes.push(...(hex === undefined ? new TextEncoder().encode(text) : [Number.parseInt(hex, 16)]));
	}
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Returns a value in the shape of the interpreter of types: records and options with tags, flags as a map of those that are set. */
export function constantOf(form: string): unknown {
	const [, kind = "", rest = ""] = /^\(\s*([^\s()]+)([\s\S]*)\)$/.exec(form) ?? [];
	const [type = "", name = ""] = kind.split(".");
	const inner = (): unknown => {
		const [only] = formsOf(rest);
		return only === undefined ? undefined : constantOf(only);
	};
	switch (type) {
		case "str":
		case "char":
		case "enum":
			return stringIn(rest);
		case "bool":
			return rest.trim() === "true";
		case "u64":
		case "s64":
			return BigInt(rest.trim().replaceAll("_", ""));
		case "list":
		case "tuple":
			return formsOf(rest).map(constantOf);
		case "flags":
			return new Map([...rest.matchAll(/"[^"]*"/g)].map(([literal]) => [decoded(literal), true]));
		case "record":
			return Object.fromEntries(
				formsOf(rest).map((field) => [stringIn(field), constantOf(`(${/^\(field\s+"[^"]*"\s+([\s\S]*)\)$/.exec(field)?.[1] ?? ""})`)]),
			);
		case "variant":
			return { tag: stringIn(rest), val: inner() };
		case "option":
		case "result":
			return { tag: name, val: inner() };
		default: {
			const text = rest.trim().replaceAll("_", "");
			return /^[-+]?nan/.test(text)
				? Number.NaN
				: /^[-+]?inf/.test(text)
					? Number.POSITIVE_INFINITY * (text.startsWith("-") ? -1 : 1)
					: Number(text);
		}
	}
}
