import type { MultipartPart, MultipartReader } from "./multipart-reader.ts";

/** Bounds of the fields of a form. Files are bounded by their receiver. */
export interface FieldLimits {
	/** Bytes of one field. */
	readonly maxFieldBytes: number;
	/** Bytes of all fields. */
	readonly maxFieldsBytes: number;
}

/** Values of the fields by name, in order. Names of lists end in `[]`. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a form: fields whole, files through `onFile` while they arrive.
 *
 * @param onFile Receives each part that has a filename, one after the other. The next part follows when its promise resolves.
 * @param tooLarge Makes the error of fields beyond a bound.
 * @throws The error of the reader or of `onFile`.
 */
export async function readForm(
	reader: MultipartReader,
	{ maxFieldBytes, maxFieldsBytes }: FieldLimits,
	onFile: (part: MultipartPart, index: number) => Promise<void>,
	tooLarge: (what: string) => Error,
): Promise<FormFields> {
	const fields = new Map<string, string[]>();
	let files = 0;
	let total = 0;
	for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
		if (part.filename !== undefined) {
			await onFile(part, files);
			files += 1;
			continue;
		}
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		for await (const chunk of part.content()) {
			bytes += chunk.byteLength;
			total += chunk.byteLength;
			if (bytes > maxFieldBytes) throw tooLarge(`a field has more than ${maxFieldBytes} bytes`);
			if (total > maxFieldsBytes) throw tooLarge(`the fields have more than ${maxFieldsBytes} bytes together`);
			chunks.push(chunk);
		}
		const values = fields.get(part.name);
		const value = Buffer.concat(chunks).toString();
		if (values === undefined) fields.set(part.name, [value]);
		else values.push(value);
	}
	return fields;
}
