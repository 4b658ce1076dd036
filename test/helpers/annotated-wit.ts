/** WIT for tests of generated code: the text says what matters, and the rest of what the lint profile asks for is filled in. */

/** Types that hand-written schemas and templates refer to. */
const TYPES = `
interface types {
	/// @json any
	type json = string;
	/// @json object
	type json-object = string;
	enum error-code {
		invalid-request,
		backend-not-enabled,
		cancelled,
		internal,
	}
	record explanation {
		policy: string,
	}
	record error {
		code: error-code,
		message: string,
		retryable: bool,
		retry-after-ms: option<u32>,
		operation: option<string>,
		explanation: option<explanation>,
	}
	record attempt {
		backend: string,
	}
	record requirements {
		features: list<string>,
	}
	record routing {
		backend: option<string>,
	}
	enum policy {
		priority,
	}
	enum degradation {
		strict,
	}
	variant media-ref {
		stored(string),
		url(string),
	}
}
`;

const ITEM =
	/^(?:interface |world |record |variant |enum |flags |type |resource |import .*\bfunc\b|export .*\bfunc\b|constructor|%?[\w-]+: (?:static )?func)/;
const MEMBER = /^%?[A-Za-z][\w-]*(?:\(.*\)|: .*)?,$/;

/** Returns the text with a doc comment on each item and member, and with \`@since\` where it can stand. One item a line. */
export function annotated(text: string): string {
	const out: string[] = [];
	let tags: string[] = [];
	for (const line of text.split("\n")) {
		const code = line.trim();
		if (code.startsWith("///")) {
			tags.push(code);
			continue;
		}
		const isItem = ITEM.test(code);
		if (isItem || MEMBER.test(code)) out.push("/// Doc.", ...(tags.length === 0 ? [] : ["///", ...tags]));
		if (isItem) out.push("@since(version = 0.1.0)");
		tags = [];
		out.push(line);
	}
	return out.join("\n");
}

/** Returns a sound package of these interfaces and worlds, and of \`types\`. */
export function packageOf(text: string, { name = "names", inTypes = "" } = {}): string {
	return `package test:${name}@0.1.0;\n${annotated(TYPES.replace("interface types {", `interface types {\n${inTypes}`) + text)}`;
}

/** Returns the interface of a family, with types and functions beside those that a family must have. */
export function familyOf(
	name: string,
	{ operation = "do_it", types = "", functions = "", request = "request", response = "response" } = {},
): string {
	return `
/// @operation ${operation}
interface ${name} {
	use types.{error};
	${types}
	/// @payload
	record ${request} {
		prompt: string,
	}
	/// @result
	record ${response} {
		text: string,
	}
	call: func(value: ${request.replace(/^%/, "%")}) -> result<${response}, error>;
	${functions}
}
`;
}
