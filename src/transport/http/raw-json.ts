/** JSON text that goes into a request as it is. */
export class RawJson {
	readonly text: string;
	/** What the text stands for. */
	readonly value: unknown;

	private constructor(text: string, value: unknown) {
		this.text = text;
		this.value = value;
	}

	/** `undefined` when the bytes are not one JSON value in UTF-8: what is let in here cannot reach beyond its place. */
	static from(bytes: Uint8Array): RawJson | undefined {
		try {
			const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
			return new RawJson(text, JSON.parse(text));
		} catch {
			return undefined;
		}
	}
}

/** As `JSON.stringify`, with the text of every {@link RawJson} in its place. */
export function stringifyJson(value: unknown): string {
	return print(value) ?? "null";
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
