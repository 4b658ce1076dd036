import type { MediaRef } from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { OCTETS } from "../../formats/media-type.ts";
import type { HostClient } from "../../host/client.ts";
import { HttpError } from "../http-error.ts";
import { boundaryOf, isMultipartForm } from "../multipart/boundary.ts";
import { readForm } from "../multipart/form.ts";
import { type MultipartPart, MultipartReader } from "../multipart/multipart-reader.ts";
import { invalid, RequestError } from "./errors.ts";
import type { JsonRecord } from "./fields.ts";
import { type FieldTypes, formMembers } from "./form-fields.ts";
import { mediaSlots } from "./media-slots.ts";

/** A form of a client, with its files in the client's media. */
export interface Upload {
	/** Fields without files, as the members of a JSON object. */
	readonly members: JsonRecord;
	/** Files in the order of the form. */
	readonly files: readonly UploadedFile[];
	/** Removes the files. A call in flight keeps what it reads. */
	release(): void;
}

export interface UploadedFile {
	/** Name of the field, without `[]`. */
	readonly name: string;
	readonly reference: MediaRef;
}

/** Form that a handler expects. */
export interface UploadForm {
	/** Fields that are files, and the most files of each. */
	readonly files: ReadonlyMap<string, number>;
	readonly types: FieldTypes;
	/** Media types by file extension, for files whose part names none. A file without either is recognized by its first bytes. */
	readonly extensions: ReadonlyMap<string, string>;
}

/** Parts of a form: the files, and the fields with every value of a list. */
const MAX_PARTS = 256;
/** Headers of a part, in bytes. Browsers and curl need 200. */
const MAX_HEADER_BYTES = 8 * 1024;
/** A prompt has at most 32,000 characters, of up to 4 bytes. */
const FIELD_LIMITS = { maxFieldBytes: 256 * 1024, maxFieldsBytes: 1024 * 1024 };

/** Types that say nothing about a file. Clients send them for files that they do not know. */
const VAGUE_TYPES: ReadonlySet<string | undefined> = new Set([undefined, OCTETS, "text/plain", "binary/octet-stream"]);

/**
 * Reads a form. Files go into the media of the client while they arrive, within its quota.
 *
 * @param maxBytes Largest body. A larger one is refused before it is read, if its length is stated.
 * @throws RequestError 400 for a form that is malformed, 413 for one that is too large, 415 for another media type; SpearError as the media
 * store refuses. Nothing of the form stays in the store then.
 */
export async function readUpload(request: Request, media: HostClient["media"], form: UploadForm, maxBytes: number): Promise<Upload> {
	const contentType = request.headers.get("content-type") ?? "";
	const boundary = isMultipartForm(contentType) ? boundaryOf(contentType) : undefined;
	if (boundary === undefined)
		throw new RequestError(415, null, "send a form with files: multipart/form-data with its boundary", "unsupported_media_type");
	if ((request.headers.get("content-encoding") ?? "identity") !== "identity")
		throw new RequestError(415, null, "send the form without a content-encoding", "unsupported_media_type");
	if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(`the body has more than ${maxBytes} bytes`);
	const limits = { maxParts: MAX_PARTS, maxHeaderBytes: MAX_HEADER_BYTES, maxBytes };
	const reader = new MultipartReader(arriving(request.body ?? []), boundary, limits, { malformed, tooLarge });
	const files: UploadedFile[] = [];
	const release = (): void => {
		for (const { reference } of files.splice(0)) removeMedia(media, reference);
	};
	try {
		const fields = await readForm(
			reader,
			FIELD_LIMITS,
			async (part) => {
				files.push({ name: fileField(part.name, files, form), reference: await stored(part, media, form.extensions) });
			},
			tooLarge,
		);
		return { members: formMembers(fields, form.types), files: [...files], release };
	} catch (thrown) {
		release();
		await reader.close().catch(() => {});
		throw thrown;
	}
}

/** Removes an object without waiting. A failure is ignored: the object is removed when it expires. */
export function removeMedia(media: HostClient["media"], reference: MediaRef): void {
	media.remove(reference).catch(() => {});
}

/** Yields the bytes of a body. */
async function* arriving(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
	try {
		for await (const bytes of body) yield bytes;
	} catch (cause) {
		throw new SpearError("cancelled", "the upload ended before it was complete", { cause });
	}
}

/** Returns the name of the field of a file. */
function fileField(name: string, files: readonly UploadedFile[], form: UploadForm): string {
	const field = name.endsWith("[]") ? name.slice(0, -2) : name;
	const max = form.files.get(field);
	if (max === undefined) throw new RequestError(400, null, "the form has a file in a field that takes none", "unsupported_parameter");
	if (files.filter((file) => file.name === field).length >= max)
		throw invalid(field, max === 1 ? "has more than one file" : `has more than ${max} files`);
	return field;
}

async function stored(part: MultipartPart, media: HostClient["media"], extensions: ReadonlyMap<string, string>): Promise<MediaRef> {
	const { uploads } = mediaSlots(media);
	if (!uploads.tryTake())
		throw new HttpError(429, "rate_limited", "too many uploads of this client are in progress; try again", {
			headers: { "retry-after": "1" },
		});
	try {
		const writer = media.writer(mediaTypeOf(part, extensions));
		try {
			for await (const bytes of part.content()) await writer.write(bytes);
			return (await writer.finish()).reference;
		} finally {
			writer.discard();
		}
	} finally {
		uploads.release();
	}
}

/** Returns the type of a file: that of its part, else that of its extension. `undefined` for one to be recognized by its first bytes. */
function mediaTypeOf({ contentType, filename = "" }: MultipartPart, extensions: ReadonlyMap<string, string>): string | undefined {
	if (!VAGUE_TYPES.has(contentType)) return contentType;
	return extensions.get(filename.slice(filename.lastIndexOf(".") + 1).toLowerCase());
}

function malformed(what: string): RequestError {
	return new RequestError(400, null, `the form cannot be read: ${what}`, "invalid_form");
}

function tooLarge(what: string): RequestError {
	return new RequestError(413, null, `${what}; send less, or raise max_body_bytes of the server`, "request_too_large");
}
