import { hostcallText } from "../errors.ts";

/** Most members of one object, and deepest nesting, that are shown. */
const MAX_MEMBERS = 100;
const MAX_DEPTH = 4;
/** Longest text within an object, and longest line, in characters. */
const MAX_TEXT = 10_000;
const MAX_LINE = 72;

/**
 * Returns a value in the notation of JavaScript, for readers. Never throws.
 *
 *     inspect({ a: [1, "x"], m: new Map([["k", 1n]]) }) === '{ a: [ 1, "x" ], m: Map(1) { "k" => 1n } }'
 */
export function inspect(value: unknown, depth: number = MAX_DEPTH): string {
	try {
		return shown(value, { depth, path: [] });
	} catch {
		// A getter or a proxy may throw.
		return "a value that cannot be shown";
	}
}

interface Place {
	/** Levels that are left. */
	readonly depth: number;
	/** Objects around the value. */
	readonly path: readonly object[];
}

function shown(value: unknown, place: Place): string {
	if (typeof value === "string") return JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value === "symbol") return value.toString();
	if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
	if (typeof value === "function") return functionName(value);
	if (typeof value !== "object" || value === null) return String(value);
	if (place.path.includes(value)) return "[Circular]";
	const inner: Place = { depth: place.depth - 1, path: [...place.path, value] };
	if (value instanceof Error) return shownError(value, inner);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
	if (value instanceof RegExp) return String(value);
	if (value instanceof Promise) return "Promise {}";
	if (value instanceof Number || value instanceof String || value instanceof Boolean)
		return `[${value.constructor.name}: ${shown(value.valueOf(), inner)}]`;
	const name = className(value);
	if (place.depth <= 0) return `[${Array.isArray(value) ? "Array" : name || "Object"}]`;
	if (Array.isArray(value)) return wrapped(name === "Array" ? "" : `${name}(${value.length}) `, "[]", elements(value, inner));
	if (value instanceof Map) {
		const entries = [...value].map(([key, member]) => `${shown(key, inner)} => ${shown(member, inner)}`);
		return wrapped(`${name}(${value.size}) `, "{}", cut(entries));
	}
	if (value instanceof Set) return wrapped(`${name}(${value.size}) `, "{}", cut([...value].map((member) => shown(member, inner))));
	if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength} bytes)`;
	if (value instanceof DataView) return `DataView(${value.byteLength} bytes)`;
	if (ArrayBuffer.isView(value)) {
		const list = value as unknown as ArrayLike<unknown>;
		return wrapped(
			`${name}(${list.length}) `,
			"[]",
			elements(
				Array.from({ length: Math.min(list.length, MAX_MEMBERS + 1) }, (_, index) => list[index]),
				inner,
				list.length,
			),
		);
	}
	return wrapped(name === "Object" ? "" : `${name || "[Object: null prototype]"} `, "{}", members(value, inner));
}

function shownError(error: Error, place: Place): string {
	const failed = Object.hasOwn(error, "payload") ? hostcallText(error) : undefined;
	const title = failed ?? (error.message === "" ? error.name : `${error.name}: ${error.message}`);
	const stack = typeof error.stack === "string" ? error.stack.trimEnd() : "";
	// The stack of V8 and of some libraries begins with the title.
	const text = stack === "" || stack.startsWith(error.name) ? stack || title : `${title}\n${stack}`;
	const more =
		place.depth < 0 || failed !== undefined ? [] : members(error, place).filter((member) => !/^(?:message|stack|name): /.test(member));
	const cause = error.cause === undefined || place.depth < 0 ? [] : [`[cause]: ${shown(error.cause, place)}`];
	return [...more, ...cause].length === 0 ? text : `${text} ${wrapped("", "{}", [...more, ...cause])}`;
}

function elements(list: readonly unknown[], place: Place, length = list.length): string[] {
	const texts: string[] = [];
	let empty = 0;
	const flush = (): void => {
		if (empty > 0) texts.push(`<${empty} empty>`);
		empty = 0;
	};
	for (let index = 0; index < Math.min(list.length, MAX_MEMBERS); index++) {
		if (!(index in list)) {
			empty += 1;
			continue;
		}
		flush();
		texts.push(shown(list[index], place));
	}
	flush();
	return length > MAX_MEMBERS ? [...texts, `… ${length - MAX_MEMBERS} more`] : texts;
}

function members(value: object, place: Place): string[] {
	const keys: (string | symbol)[] = [
		...Object.keys(value),
		...Object.getOwnPropertySymbols(value).filter((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol)),
	];
	const texts = keys.slice(0, MAX_MEMBERS).map((key) => {
		const descriptor = Object.getOwnPropertyDescriptor(value, key);
		const name = typeof key === "symbol" ? `[${key.toString()}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
		const isAccessor = descriptor !== undefined && !("value" in descriptor);
		return `${name}: ${isAccessor ? "[Getter]" : shown(descriptor?.value, place)}`;
	});
	return keys.length > MAX_MEMBERS ? [...texts, `… ${keys.length - MAX_MEMBERS} more`] : texts;
}

function cut(texts: string[]): string[] {
	return texts.length > MAX_MEMBERS ? [...texts.slice(0, MAX_MEMBERS), `… ${texts.length - MAX_MEMBERS} more`] : texts;
}

/** Returns the parts in brackets, in one line if they fit. */
function wrapped(prefix: string, brackets: string, parts: readonly string[]): string {
	const [open = "", close = ""] = brackets;
	if (parts.length === 0) return `${prefix}${open}${close}`;
	const line = `${prefix}${open} ${parts.join(", ")} ${close}`;
	if (line.length <= MAX_LINE && !line.includes("\n")) return line;
	return `${prefix}${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

function className(value: object): string {
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype === null) return "";
	const maker = (prototype as { readonly constructor?: unknown }).constructor;
	return typeof maker === "function" ? maker.name : "Object";
}

function functionName(value: { readonly name: string }): string {
	const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
	return `[${kind}${value.name === "" ? "" : kind === "class" ? ` ${value.name}` : `: ${value.name}`}]`;
}
