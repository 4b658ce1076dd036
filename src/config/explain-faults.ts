import type { SchemaFault } from "../errors/describe-faults.ts";
import { type ConfigPath, pathOfPointer, valueAt } from "./config-path.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { FaultyPart } from "./document.ts";
import { KEY_OTHER_NAMES, VALUE_OTHER_NAMES } from "./other-names.ts";
import { keysAt, tablesWith } from "./schema-keys.ts";

/** A fault of the schema, for the operator. */
export interface ExplainedFault {
	readonly path: ConfigPath;
	readonly message: string;
	readonly part: FaultyPart;
	/** The member without which the rest has not this fault. */
	readonly culprit: ConfigPath;
}

/** Meaning of the pattern of a key, because few readers understand the pattern itself. Never contains the value, which may be a secret. */
const MEANINGS: Readonly<Record<string, string>> = {
	api_key_env: "must be the name of an environment variable, not the key itself",
	proxy: 'must be the http or https URL of a proxy, or "none"',
	seal_key_env: "must be the name of an environment variable, not the secret itself",
	aliases: "must hold no '*'",
};

/** Rules of the names in a table, by the table. Every other table holds operations. */
const NAME_RULES: Readonly<Record<string, string>> = {
	backends: 'names are lower-case letters, digits, "_" and "-", and begin with a letter or digit',
	guests: 'names have 1 to 128 characters without blanks and "*", or are "*"',
};

const EXAMPLE_URL = 'e.g. "https://api.example.com/v1"';

/** Units by the ending of a key. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
	[/_ms$/, " of milliseconds"],
	[/_s$|_seconds$/, " of seconds"],
	[/_bytes$/, " of bytes"],
	[/_percent$/, " of percent"],
];

/** Names of the types in TOML. */
const TYPES: Readonly<Record<string, string>> = {
	integer: "a whole number",
	number: "a number",
	string: "a text in quotes",
	boolean: "true or false, without quotes",
	array: 'a list, e.g. ["a", "b"]',
	object: "a table",
};

/** Explains the faults of a configuration. Suggests the closest known name for an unknown one. Never repeats a value, which may be a key. */
export function explainFaults(faults: readonly SchemaFault[], value: unknown): ExplainedFault[] {
	const kept = withoutOtherForms(faults);
	const types = kept.filter(({ keyword }) => keyword === "type");
	return kept.flatMap((fault) => {
		// ajv reports each type that a member may have. The first stands for all.
		const alternatives = fault.keyword === "type" ? types.filter(({ instancePath }) => instancePath === fault.instancePath) : [];
		if (alternatives.length > 1 && alternatives[0] !== fault) return [];
		return explain(fault, alternatives, value) ?? [];
	});
}

/**
 * Removes the faults of `oneOf` that do not help. ajv reports a value against every form that it may have. Keeps the faults inside the
 * form that the value has. Keeps a fault of the choice itself only if there is no fault inside.
 */
function withoutOtherForms(faults: readonly SchemaFault[]): readonly SchemaFault[] {
	const choices = faults.filter(({ keyword }) => keyword === "oneOf").map(({ instancePath }) => instancePath);
	return choices.reduce<readonly SchemaFault[]>((remaining, path) => {
		const here = (fault: SchemaFault): boolean => fault.instancePath === path && fault.schemaPath?.includes("/oneOf") === true;
		const ofChoice = (fault: SchemaFault): boolean => here(fault) && (fault.keyword === "type" || fault.keyword === "oneOf");
		const inside = (fault: SchemaFault): boolean => fault.instancePath.startsWith(`${path}/`) || (here(fault) && !ofChoice(fault));
		return remaining.some(inside)
			? remaining.filter((fault) => !ofChoice(fault))
			: remaining.filter((fault) => !ofChoice(fault) || fault.keyword === "type");
	}, faults);
}

function explain(fault: SchemaFault, alternatives: readonly SchemaFault[], root: unknown): ExplainedFault | undefined {
	const path = pathOfPointer(fault.instancePath, root);
	const { keyword, params } = fault;
	const ofMember = (name: string, message: string, part: FaultyPart, culprit?: ConfigPath): ExplainedFault => {
		const member = [...path, name];
		return { path: member, message, part, culprit: culprit ?? member };
	};
	switch (keyword) {
		case "additionalProperties":
			return ofMember(String(params.additionalProperty), unknownKey(String(params.additionalProperty), path), "key");
		case "required":
			return ofMember(String(params.missingProperty), "is required", "key", path);
		case "propertyNames":
			return ofMember(String(params.propertyName), `no such name; ${nameRule(path)}`, "key");
	}
	// ajv reports an invalid name twice: by `propertyNames`, and by the pattern that it violates.
	if (fault.schemaPath?.includes("propertyNames")) return undefined;
	const message = valueMessage(fault, alternatives, path, valueAt(root, path));
	return { path, message, part: "value", culprit: path };
}

function nameRule(path: ConfigPath): string {
	return NAME_RULES[path.join(".")] ?? "operations are lower-case, like chat_completions";
}

function unknownKey(key: string, path: ConfigPath): string {
	const suggestion = didYouMean(key, keysAt(path), KEY_OTHER_NAMES);
	const isSecret = suggestion.includes("'api_key_env'");
	if (isSecret) return `no such key${suggestion} Put the key into an environment variable, and the name of the variable here`;
	if (suggestion !== "" || path.length > 1) return `no such key${suggestion}`;
	const [table] = tablesWith(key);
	return `no such key${table === undefined ? "" : `; did you mean '${table}.${key}'?`}`;
}

function valueMessage(fault: SchemaFault, alternatives: readonly SchemaFault[], path: ConfigPath, value: unknown): string {
	const { keyword, params } = fault;
	const key = path.findLast((step) => typeof step === "string") ?? "";
	switch (keyword) {
		case "type":
			return `must be ${[fault, ...alternatives.slice(1)].map((each) => typeName(String(each.params.type), key, value)).join(" or ")}${tableHint(params.type, path)}`;
		case "pattern":
			if (key === "base_url" && typeof value === "string") return urlFault(value);
			if (key.endsWith("_env") && /^\$\{?\w+\}?$/.test(String(value))) return "must be the name of the environment variable without '$'";
			return MEANINGS[key] ?? fault.message ?? "has a wrong form";
		case "uniqueItems":
			return `names the same twice: items ${String(params.i)} and ${String(params.j)}`;
		case "enum": {
			const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : [];
			const suggestion = typeof value === "string" ? didYouMean(value, allowed, VALUE_OTHER_NAMES) : "";
			return `must be one of ${allowed.join(", ")}${suggestion}`;
		}
		case "minLength":
		case "minItems":
			return params.limit === 1 ? "must not be empty" : (fault.message ?? `violates '${keyword}'`);
		default:
			return fault.message ?? `violates '${keyword}'`;
	}
}

function typeName(type: string, key: string, value: unknown): string {
	const words = TYPES[type] ?? type;
	if (type !== "integer" && type !== "number") return words;
	const unit = UNITS.find(([ending]) => ending.test(key))?.[1] ?? "";
	return `${words}${unit}${typeof value === "string" ? ", without quotes" : ""}`;
}

/** Returns the hint to write a table of a named entry, such as `[backends.main]`. */
function tableHint(type: unknown, path: ConfigPath): string {
	const example = NAMED_TABLES[String(path[0])];
	return type === "object" && path.length <= 2 && example !== undefined ? `; write a table for each, such as [${example}]` : "";
}

const NAMED_TABLES: Readonly<Record<string, string>> = {
	backends: "backends.main",
	routes: "routes.chat_completions",
	guests: "guests.alice",
};

/** Returns the fault of a base URL, without the URL: some hold a key. */
function urlFault(url: string): string {
	if (url.trim() !== url) return "must not begin or end with blanks";
	if (/^wss?:/i.test(url)) return `must begin with https:// or http://, for WebSockets too, ${EXAMPLE_URL}`;
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return `must be an http or https URL, ${EXAMPLE_URL}`;
	return `must begin with https:// or http://, ${EXAMPLE_URL}`;
}
