import type { SchemaFault } from "../errors/describe-faults.ts";
import type { ConfigPath } from "./config-path.ts";
import { didYouMean } from "./did-you-mean.ts";
import { VALUE_OTHER_NAMES } from "./other-names.ts";

/** Meaning of the pattern of a key, because few readers understand the pattern itself. Never contains the value, which may be a secret. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
	["api_key_env", "must be the name of an environment variable, not the key itself"],
	["proxy", 'must be the http or https URL of a proxy, or "none"'],
	["seal_key_env", "must be the name of an environment variable, not the secret itself"],
	["aliases", "must hold no '*'"],
	["key_env", "must be the name of an environment variable, not the key itself"],
	["admin_key_env", "must be the name of an environment variable, not the key itself"],
	["key_sha256", "must be the SHA-256 digest of the key: 64 hexadecimal digits"],
	["cors_origins", 'must be an origin without a path, e.g. "https://app.example.com", or "*"'],
]);

const EXAMPLE_URL = 'e.g. "https://api.example.com/v1"';

/** Units by the ending of a key. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
	[/_ms$/, " of milliseconds"],
	[/_s$|_seconds$/, " of seconds"],
	[/_bytes$/, " of bytes"],
	[/_percent$/, " of percent"],
];

/** Names of the types in TOML. */
const TYPES: ReadonlyMap<string, string> = new Map([
	["integer", "a whole number"],
	["number", "a number"],
	["string", "a text in quotes"],
	["boolean", "true or false, without quotes"],
	["array", 'a list, e.g. ["a", "b"]'],
	["object", "a table"],
]);

/**
 * Returns the message for a value that the schema refuses. Never repeats the value, which may be a key.
 *
 * @param alternatives Faults of the other types that the value may have.
 */
export function valueMessage(fault: SchemaFault, alternatives: readonly SchemaFault[], path: ConfigPath, value: unknown): string {
	const { keyword, params } = fault;
	const key = path.findLast((step) => typeof step === "string") ?? "";
	switch (keyword) {
		case "type":
			return `must be ${[fault, ...alternatives.slice(1)].map((each) => typeName(String(each.params.type), key, value)).join(" or ")}${tableHint(params.type, path)}`;
		case "pattern":
			if (key === "base_url" && typeof value === "string") return urlFault(value);
			if (key.endsWith("_env") && /^\$\{?\w+\}?$/.test(String(value))) return "must be the name of the environment variable without '$'";
			return MEANINGS.get(key) ?? fault.message ?? "has a wrong form";
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
	const words = TYPES.get(type) ?? type;
	if (type !== "integer" && type !== "number") return words;
	const unit = UNITS.find(([ending]) => ending.test(key))?.[1] ?? "";
	return `${words}${unit}${typeof value === "string" ? ", without quotes" : ""}`;
}

/** Returns the hint to write a table of a named entry, such as `[backends.main]`. */
function tableHint(type: unknown, path: ConfigPath): string {
	const example = NAMED_TABLES.get(String(path[0]));
	return type === "object" && path.length <= 2 && example !== undefined ? `; write a table for each, such as [${example}]` : "";
}

const NAMED_TABLES: ReadonlyMap<string, string> = new Map([
	["backends", "backends.main"],
	["routes", "routes.chat_completions"],
	["guests", "guests.alice"],
]);

/** Returns the fault of a base URL, without the URL: some hold a key. */
function urlFault(url: string): string {
	if (url.trim() !== url) return "must not begin or end with blanks";
	if (/^wss?:/i.test(url)) return `must begin with https:// or http://, for WebSockets too, ${EXAMPLE_URL}`;
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return `must be an http or https URL, ${EXAMPLE_URL}`;
	return `must begin with https:// or http://, ${EXAMPLE_URL}`;
}
