import { parse, TomlError } from "smol-toml";
import { ConfigError } from "./config-error.ts";
import { type ConfigPath, isTable, memberOf } from "./config-path.ts";
import { syntaxHint, wrongFormat } from "./file-format.ts";
import { type TextNode, tomlPositions } from "./toml-positions.ts";

/** A place in a text. Both count from 1. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** The part of a member that a fault is about. */
export type FaultyPart = "key" | "value";

/** A configuration as it was written. */
export interface ConfigDocument {
	/** Name in errors: the path of a file, or a name for a value. */
	readonly source: string;
	readonly value: unknown;
	/** Returns numbers by which members sort in the order in which they were written. */
	order(path: ConfigPath, part: FaultyPart): readonly number[];
	/** Returns the position of a member, or of the table that lacks it. `undefined` for a configuration without a text. */
	position(path: ConfigPath, part: FaultyPart): Position | undefined;
}

/**
 * Parses the text of a spear.toml.
 *
 * @param written The text of the file.
 * @param source Name of the text in errors, e.g. the path of the file.
 * @throws ConfigError for a fault of the TOML syntax.
 */
export function textDocument(written: string, source: string): ConfigDocument {
	// A byte order mark is no character of the first line.
	const text = written.replace(/^\ufeff/, "");
	const value = parseToml(text, source);
	// Read when a fault needs them: most configurations have none.
	let root: TextNode | undefined;
	let lines: readonly number[] | undefined;
	const offset = (path: ConfigPath, part: FaultyPart): number => {
		root ??= tomlPositions(text);
		let node = root;
		for (const step of path) {
			const next = node.members.get(String(step));
			// The member is missing: its table is at fault.
			if (next === undefined) return node.key;
			node = next;
		}
		return node[part];
	};
	return {
		source,
		value,
		order: (path, part) => [offset(path, part)],
		position(path, part) {
			lines ??= lineStarts(text);
			return positionOf(offset(path, part), lines);
		},
	};
}

/** Returns a document for a configuration that is a value. */
export function valueDocument(value: unknown, source: string): ConfigDocument {
	const orders = new WeakMap<object, ReadonlyMap<string, number>>();
	const orderIn = (table: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> => {
		const known = orders.get(table) ?? new Map(Object.keys(table).map((key, index) => [key, index]));
		orders.set(table, known);
		return known;
	};
	return {
		source,
		value,
		order(path) {
			let node = value;
			return path.map((step) => {
				const order = typeof step === "number" ? step : isTable(node) ? (orderIn(node).get(step) ?? -1) : -1;
				node = memberOf(node, step);
				return order;
			});
		},
		position: () => undefined,
	};
}

function parseToml(text: string, source: string): unknown {
	try {
		return parse(text);
	} catch (thrown) {
		if (!(thrown instanceof TomlError)) throw thrown;
		const [first = "not TOML"] = thrown.message.replace(/^Invalid TOML document: /, "").split("\n");
		const { line, column } = thrown;
		throw new ConfigError(source, [
			{ file: source, line, column, path: "", message: `${first}${wrongFormat(text, source) || syntaxHint(first)}` },
		]);
	}
}

function lineStarts(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}

function positionOf(offset: number, starts: readonly number[]): Position {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((starts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
