import { jsonFault, parseJson } from "../../formats/json.ts";
import { invalid, RequestError } from "../openai/errors.ts";
import { Fields, isObject } from "../openai/fields.ts";

/** An event of a client. */
export interface ClientEvent {
	readonly type: string;
	/** Reads the members. The members of every event are read already. */
	readonly fields: Fields;
}

/**
 * Reads a message of a client: one JSON object with a `type`.
 *
 * @throws RequestError for any other message.
 */
export function clientEvent(text: string): ClientEvent {
	const fields = new Fields(jsonOf(text), "");
	fields.any("event_id");
	return { type: fields.requiredText("type"), fields };
}

/** Returns the id that a client gave its event, to name it in an error. `null` if the message has none that can be read. */
export function eventIdOf(text: string): string | null {
	try {
		const value = parseJson(text);
		return isObject(value) && typeof value.event_id === "string" ? value.event_id.slice(0, MAX_ID) : null;
	} catch {
		return null;
	}
}

/** Longest id of a client, in UTF-16 units. */
const MAX_ID = 512;

/** Returns an id that a client gave. */
export function clientId(fields: Fields, name: string): string | undefined {
	const id = fields.text(name);
	if (id === undefined) return undefined;
	if (id === "" || id.length > MAX_ID) throw invalid(fields.at(name), `must have 1 to ${MAX_ID} characters`);
	return id;
}

function jsonOf(text: string): unknown {
	try {
		return parseJson(text);
	} catch (thrown) {
		throw new RequestError(400, null, `the event cannot be read: ${jsonFault(thrown)}`, "invalid_json");
	}
}

/**
 * Returns audio from base64.
 *
 * @throws RequestError for other text.
 */
export function audioBytes(text: string, path: string): Uint8Array {
	if (text === "" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw invalid(path, "must be audio in base64");
	return Buffer.from(text, "base64");
}
