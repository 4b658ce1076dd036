import { isTable, type Schema, tableOf } from "../config-schema/schema-values.ts";

/** A key of a table of `spear.toml`. */
export interface ConfigKey {
	readonly name: string;
	/** Words for the type, e.g. `integer` or `list of texts`. */
	readonly type: string;
	/** Value as TOML. `undefined` for a key without a fixed default. */
	readonly fallback: string | undefined;
	/** Words for the bounds or the allowed values. Empty for none. */
	readonly bounds: string;
	readonly isRequired: boolean;
	readonly description: string;
	/** Path of the table that the key holds. `undefined` for other keys. */
	readonly table: string | undefined;
}

/** A table of `spear.toml`, or an inline table that a key holds. */
export interface ConfigTable {
	/** Path as in the file, with placeholders for names: `backends.<name>.price`. */
	readonly path: string;
	readonly description: string;
	readonly keys: readonly ConfigKey[];
}

/** Placeholders of tables by name, where the configuration chooses the name. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { routes: "<operation>", operation_limits: "<operation>", servers: "<id>" };

/** Tables whose keys a page of their own describes. */
const ELSEWHERE = new Set(["options", "headers"]);

/**
 * Returns the tables of the configuration in the order of the schema, each followed by the tables in it.
 *
 * A table that occurs at several places, such as limits, is returned at each.
 */
export function configTables(schema: Schema): ConfigTable[] {
	const definitions = tableOf(schema.$defs);
	const resolve = (value: Schema): Schema => {
		if (typeof value.$ref !== "string") return value;
		const { $ref, ...beside } = value;
		return { ...resolve(tableOf(definitions[$ref.slice($ref.lastIndexOf("/") + 1)])), ...beside };
	};

	const tablesOf = (path: string, table: Schema): ConfigTable[] => {
		const required = new Set(Array.isArray(table.required) ? table.required : []);
		const inner: ConfigTable[] = [];
		const keys: ConfigKey[] = [];
		for (const [name, value] of Object.entries(tableOf(table.properties))) {
			const member = resolve(tableOf(value));
			const found = innerTable(path === "" ? name : `${path}.${name}`, name, member);
			if (found !== undefined) inner.push(...tablesOf(found.path, found.table));
			keys.push({
				name,
				type: typeOf(member, resolve),
				fallback: member.default === undefined ? undefined : tomlOf(member.default),
				bounds: boundsOf(member),
				isRequired: required.has(name),
				description: textOf(member.description),
				table: found?.path,
			});
		}
		const self = { path, description: textOf(table.description), keys };
		// A table that only holds tables, such as `mcp`, has no keys to describe.
		return keys.every((key) => key.table !== undefined) ? inner : [self, ...inner];
	};

	const innerTable = (path: string, name: string, member: Schema): { path: string; table: Schema } | undefined => {
		if (ELSEWHERE.has(name)) return undefined;
		if (member.properties !== undefined) return { path, table: member };
		if (member.type === "array") {
			const table = [resolve(tableOf(member.items)), ...alternativesOf(resolve(tableOf(member.items)))].find(hasProperties);
			return table === undefined ? undefined : { path: `${path}[]`, table };
		}
		const each = resolve(tableOf(member.additionalProperties));
		if (!hasProperties(each)) return undefined;
		const described = path === name ? { ...each, description: `${textOf(each.description)} ${textOf(member.description)}`.trim() } : each;
		return { path: `${path}.${PLACEHOLDERS[name] ?? "<name>"}`, table: described };
	};

	return tablesOf("", schema);
}

function hasProperties(schema: Schema): boolean {
	return schema.properties !== undefined;
}

function alternativesOf(schema: Schema): Schema[] {
	return Array.isArray(schema.oneOf) ? schema.oneOf.filter(isTable) : [];
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function typeOf(schema: Schema, resolve: (value: Schema) => Schema): string {
	const alternatives = alternativesOf(schema);
	if (alternatives.length > 0) return [...new Set(alternatives.map((item) => typeOf(resolve(item), resolve)))].join(" or ");
	if (Array.isArray(schema.enum)) return "text";
	if (schema.type === "array") return `list of ${plural(typeOf(resolve(tableOf(schema.items)), resolve))}`;
	if (schema.type === "object") return "table";
	return schema.type === "string" ? "text" : textOf(schema.type);
}

function plural(type: string): string {
	return type
		.split(" or ")
		.map((word) => `${word}s`)
		.join(" or ");
}

/** Returns the words for the bounds of a value: of a number, of a text, of a list, or its allowed values. */
function boundsOf(schema: Schema): string {
	const { enum: allowed, minimum, exclusiveMinimum, maximum, pattern, maxLength } = schema;
	if (Array.isArray(allowed)) return allowed.map((value) => `\`${value}\``).join(", ");
	const list = schema.type === "array" ? schema : alternativesOf(schema).find(({ type }) => type === "array");
	if (list !== undefined) {
		const items = tableOf(list.items);
		const each = boundsOf(items);
		const count = [
			typeof list.minItems === "number" ? `at least ${list.minItems}` : "",
			typeof list.maxItems === "number" ? `at most ${digits(list.maxItems)}` : "",
		].filter((words) => words !== "");
		return [...(count.length === 0 ? [] : [`${count.join(", ")} in the list`]), ...(each === "" ? [] : [each])].join("; ");
	}
	if (typeof minimum === "number" && typeof maximum === "number") return `${digits(minimum)} to ${digits(maximum)}`;
	const parts = [
		typeof minimum === "number" ? `at least ${digits(minimum)}` : "",
		typeof exclusiveMinimum === "number" ? `above ${digits(exclusiveMinimum)}` : "",
		typeof maximum === "number" ? `at most ${digits(maximum)}` : "",
		typeof maxLength === "number" ? `at most ${digits(maxLength)} characters` : "",
		typeof pattern === "string" ? (PATTERNS[pattern] ?? `\`${pattern}\``) : "",
	];
	return parts.filter((words) => words !== "").join(", ");
}

/** Words for patterns of the schema. */
const PATTERNS: Readonly<Record<string, string>> = {
	"^(none|https?://[^\\s]+)$": "`none`, or a URL of http or https",
	"^https?://[^\\s]+$": "a URL of http or https",
	"^(\\*|https?://[^\\s/]+)$": "`*`, or an origin such as `https://example.com`",
	"^[A-Za-z_][A-Za-z0-9_]*$": "the name of an environment variable",
	"^[^\\s*]{1,128}$": "1 to 128 characters, without blanks and `*`",
	"^[0-9a-fA-F]{64}$": "64 hexadecimal digits",
	"^[^*]+$": "without `*`",
};

function digits(value: number): string {
	return value.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

function tomlOf(value: unknown): string {
	return typeof value === "number" ? String(value).replace(/\B(?=(?:\d{3})+$)/g, "_") : JSON.stringify(value);
}
