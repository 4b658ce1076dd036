import { parseJson } from "../../formats/json.ts";

/** JSON text that becomes part of a request unchanged. */
export class RawJson {
	readonly text: string;
	/** The parsed text. */
	readonly value: unknown;

	/** Counted, so that {@link stringifyJson} needs no walk of its own to find out if a value holds raw text. */
	static printed = 0;

	private constructor(text: string, value: unknown) {
		this.text = text;
		this.value = value;
	}

	/** Returns `undefined` unless the bytes are one JSON value in UTF-8, not nested too deeply. Otherwise the text could alter the JSON around it. */
	static from(bytes: Uint8Array): RawJson | undefined {
		try {
			const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
			return new RawJson(text, parseJson(text));
		} catch {
			return undefined;
		}
	}

	/** Called by `JSON.stringify`. */
	toJSON(): unknown {
		RawJson.printed += 1;
		return null;
	}
}

/** Returns the same as `JSON.stringify`, with the text of each {@link RawJson} in its place. */
export function stringifyJson(value: unknown): string {
	const before = RawJson.printed;
	const text = JSON.stringify(value) ?? "null";
	return RawJson.printed === before ? text : (print(value) ?? "null");
}

function print(value: unknown): string | undefined {
	if (value instanceof RawJson) return value.text;
	if (!holdsRaw(value)) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map((item) => print(item) ?? "null").join(",")}]`;
	const members = Object.entries(Object(value)).flatMap(([key, item]) => {
		const text = print(item);
		return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
	});
	return `{${members.join(",")}}`;
}

function holdsRaw(value: unknown): boolean {
	if (value instanceof RawJson) return true;
	return typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && Object.values(value).some(holdsRaw);
}
