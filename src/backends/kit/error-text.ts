import { parseJson } from "../../formats/json.ts";
import { isObject, type JsonObject } from "./json/guards.ts";

/** Longest description that is collected, in characters. A message for a guest shows a third of it. */
const MAX_CHARS = 1000;

/** Most items of a list of errors that are described. */
const MAX_ITEMS = 5;

/** Deepest nesting of errors within errors. Real ones have three. */
const MAX_DEPTH = 6;

/**
 * Members that describe an error, the most exact first. `Message` is Amazon's, `detail` FastAPI's, `msg` pydantic's, `errors` that of
 * Cloudflare and JSON:API, `error_description` OAuth's, `title` that of RFC 9457. `error` as a text comes last: beside a message it repeats
 * only the status.
 */
const DESCRIPTIONS = [
	"message",
	"Message",
	"msg",
	"detail",
	"details",
	"errors",
	"error_description",
	"error_message",
	"description",
	"reason",
	"title",
];

/** Returns the description in the value of an error, in whatever member servers put it. `undefined` if it has none. */
export function errorText(value: unknown): string | undefined {
	const text = describe(value, 0)?.slice(0, MAX_CHARS).trim();
	return text === "" ? undefined : text;
}

function describe(value: unknown, depth: number): string | undefined {
	if (typeof value === "string") return value.trim() === "" ? undefined : value.slice(0, MAX_CHARS);
	if (depth > MAX_DEPTH) return undefined;
	if (Array.isArray(value)) return joined(value.slice(0, MAX_ITEMS).map((item) => describe(item, depth + 1)));
	return isObject(value) ? describeObject(value, depth) : undefined;
}

function describeObject(value: JsonObject, depth: number): string | undefined {
	const { error, loc } = value;
	const inner = typeof error === "string" ? undefined : describe(error, depth + 1);
	if (inner !== undefined) return inner;
	for (const name of DESCRIPTIONS) {
		const text = describe(value[name], depth + 1) ?? (name === "errors" ? byField(value.errors, depth) : undefined);
		if (text !== undefined) return withCause(at(loc) + text, value);
	}
	return describe(error, depth + 1);
}

/** Returns the descriptions of an object with a list of messages for each field. */
function byField(errors: unknown, depth: number): string | undefined {
	if (!isObject(errors)) return undefined;
	const fields = Object.entries(errors).slice(0, MAX_ITEMS);
	return joined(
		fields.map(([field, messages]) => {
			const text = describe(messages, depth + 2);
			return text === undefined ? undefined : `${field.slice(0, MAX_CHARS)}: ${text}`;
		}),
	);
}

/** Returns the place of an error in the request, as a beginning. pydantic lists the steps, the part of the request first. */
function at(loc: unknown): string {
	if (!Array.isArray(loc)) return "";
	const steps = loc.slice(0, 20).filter((step) => typeof step === "string" || typeof step === "number");
	const path = (steps[0] === "body" ? steps.slice(1) : steps).join(".").slice(0, MAX_CHARS);
	return path === "" ? "" : `${path}: `;
}

/** Returns a gateway's description with that of the provider behind it, which OpenRouter puts into `metadata.raw`. */
function withCause(text: string, { metadata }: JsonObject): string {
	const raw = isObject(metadata) && typeof metadata.raw === "string" ? metadata.raw : undefined;
	const cause = raw === undefined ? undefined : textOfBody(raw);
	return cause === undefined ? text : `${text}: ${cause}`;
}

/** Returns the description in a body: of its JSON, or else the body itself. */
function textOfBody(body: string): string | undefined {
	try {
		return errorText(parseJson(body));
	} catch {
		return describe(body, 0);
	}
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
	const found = texts.filter((text) => text !== undefined);
	return found.length === 0 ? undefined : found.join("; ");
}

/**
 * Matches a member with a description, and its text as far as the text goes, in whole escapes. The quotes of a text inside a text have
 * backslashes, so they do not match.
 */
const DESCRIBED = /"(?:[Mm]essage|msg|detail|error)"\s{0,10}:\s{0,10}"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)/;

/**
 * Returns the first description in JSON that ends early, also within the description. Servers repeat a large request in their error, and
 * only the beginning of a body is read.
 */
export function cutErrorText(body: string): string | undefined {
	const [, text] = /^\s{0,100}[[{]/.test(body) ? (DESCRIBED.exec(body) ?? []) : [];
	return text === undefined ? undefined : textOfBody(`"${text}"`);
}
