import { essenceOf, isMediaType } from "../../formats/media-type.ts";
import { parametersOf } from "./boundary.ts";

/** Headers of a part. */
export interface PartHead {
	readonly name: string;
	/** Absent for a field. */
	readonly filename: string | undefined;
	/** Type and subtype in lower case. Absent if the part names none, or an invalid one. */
	readonly contentType: string | undefined;
}

/** Encodings that leave the bytes unchanged. */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(["", "7bit", "8bit", "binary"]);

/**
 * Reads the headers of a part, without the empty line after them. Unknown headers are ignored, as RFC 7578 requires.
 *
 * @param malformed Makes the error for headers that are refused.
 */
export function partHead(text: string, malformed: (what: string) => Error): PartHead {
	const headers = new Map<string, string>();
	for (const line of text === "" ? [] : text.split("\r\n")) {
		const colon = line.indexOf(":");
		const name = line.slice(0, Math.max(0, colon)).toLowerCase();
		// A header name is a token. That refuses a continuation line, which starts with a space, and a space before the colon.
		if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw malformed("a part has a header without a name");
		if (headers.has(name) && name.startsWith("content-")) throw malformed(`a part has the header ${name} twice`);
		headers.set(name, line.slice(colon + 1).trim());
	}
	const disposition = headers.get("content-disposition");
	if (disposition === undefined) throw malformed("a part has no header content-disposition");
	if (essenceOf(disposition) !== "form-data") throw malformed("a part has another content-disposition than form-data");
	const parameters = new Map(parametersOf(disposition));
	const name = parameters.get("name");
	if (name === undefined || name === "") throw malformed("a part has no name");
	const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "";
	if (!PLAIN_ENCODINGS.has(encoding)) throw malformed("a part has a content-transfer-encoding; send its bytes as they are");
	const type = headers.get("content-type");
	const contentType = type !== undefined && isMediaType(type) ? essenceOf(type) : undefined;
	if (contentType?.startsWith("multipart/") === true)
		throw malformed("a part holds parts of its own; send every file as a part of the form");
	return { name, filename: parameters.get("filename"), contentType };
}
