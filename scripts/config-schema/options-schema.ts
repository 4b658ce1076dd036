import type { OptionShape } from "../../src/backends/kit/option-reader.ts";
import type { KindOption } from "./kind-options.ts";
import { defaultOf, describeOption, wordsOf } from "./option-words.ts";
import type { Schema } from "./schema-values.ts";

/** Descriptions of options that hold others. The page about kinds describes only what is in them. */
const TABLES: Readonly<Record<string, string>> = { timeouts: "Timeouts of the connection to the upstream." };

/**
 * Returns the schema of `[backends.<name>.options]` for a kind.
 *
 * @param page Text of `src/backends/kinds/README.md`.
 * @throws Error for an option that the page does not describe.
 */
export function optionsSchema(kind: string, options: readonly KindOption[], page: string): Schema {
	return { title: `Options of ${kind}`, description: `Options of the kind \`${kind}\`.`, ...tableSchema(kind, options, page, []) };
}

function tableSchema(kind: string, options: readonly KindOption[], page: string, path: readonly string[]): Schema {
	const inside = options.filter((option) => option.path.length === path.length + 1 && path.every((name, at) => option.path[at] === name));
	const properties = inside.map((option): readonly [string, Schema] => {
		const name = option.path.at(-1) ?? "";
		const inner = option.shape.type === "table" ? tableSchema(kind, options, page, option.path) : shapeSchema(option.shape);
		return [name, { ...wordsSchema(kind, option, page), ...inner }];
	});
	return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

function wordsSchema(kind: string, { path, shape }: KindOption, page: string): Schema {
	const table = TABLES[path.join(".")];
	if (table !== undefined) return { description: table };
	const [first = ""] = path;
	// The words about a table such as `safety` hold for what is in it.
	const words = path.length > 1 && TABLES[first] === undefined ? undefined : wordsOf(page, kind, path.join("."));
	if (words === undefined) return {};
	const value = defaultOf(words, shape.type);
	return { description: describeOption(words, value !== undefined), ...(value === undefined ? {} : { default: value }) };
}

function shapeSchema(shape: Exclude<OptionShape, { readonly type: "table" }>): Schema {
	switch (shape.type) {
		case "boolean":
			return { type: "boolean" };
		case "string":
			return shape.allowed === undefined ? { type: "string", minLength: 1 } : { enum: shape.allowed };
		case "integer":
			return { type: "integer", minimum: shape.min, maximum: shape.max };
		case "names":
			return { anyOf: [{ type: "boolean" }, { type: "array", items: { type: "string" } }] };
		case "list":
			return { type: "array" };
		case "strings":
			return { type: "object", additionalProperties: { type: "string", minLength: 1 } };
	}
}
