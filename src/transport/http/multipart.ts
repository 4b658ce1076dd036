import { randomBytes } from "node:crypto";
import { SpearError } from "../../errors/spear-error.ts";
import { isMediaType } from "../../formats/media-type.ts";

/** A part of a `multipart/form-data` body: a field or a file. */
export type MultipartPart = MultipartField | MultipartFile;

export interface MultipartField {
	readonly name: string;
	/** Sent in UTF-8, unchanged. */
	readonly value: string;
}

export interface MultipartFile {
	readonly name: string;
	/** File name for the upstream. Some upstreams derive the format from its extension. */
	readonly filename: string;
	/** A media type, such as `audio/wav`. */
	readonly contentType: string;
	/** Length in bytes. Absent if it is not known; then the length of the whole body is not sent either. */
	readonly size?: number | undefined;
	/** Opens the file. Called once, when the part is sent. The chunks must not change later. */
	content(): AsyncIterable<Uint8Array>;
}

/** Returns a boundary of 96 random bits, so that no file contains it by chance. */
export function randomBoundary(): string {
	return `----spear-${randomBytes(12).toString("hex")}`;
}

/**
 * A `multipart/form-data` body that is made while it is sent. Holds at most one chunk of a file, and reads the next one only when
 * the sender asks for it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export class MultipartBody implements AsyncIterable<Uint8Array> {
	/** The media type with the boundary. */
	readonly contentType: string;
	/** Length of the whole body in bytes. `undefined` if the length of a file is not known. */
	readonly contentLength: number | undefined;
	readonly #parts: readonly { readonly head: Uint8Array; readonly part: MultipartPart }[];
	readonly #tail: Uint8Array;
	#stopped = false;
	#source: AsyncIterator<Uint8Array> | undefined;
	#endRead: () => void = () => {};

	/** @throws SpearError `invalid_request` for a file without a valid media type. */
	constructor(parts: readonly MultipartPart[], boundary: string = randomBoundary()) {
		this.contentType = `multipart/form-data; boundary=${boundary}`;
		this.#parts = parts.map((part) => ({ head: Buffer.from(`--${boundary}\r\n${head(part)}`), part }));
		this.#tail = Buffer.from(`--${boundary}--\r\n`);
		this.contentLength = this.#parts.reduce<number | undefined>((sum, { head, part }) => {
			const size = "value" in part ? Buffer.byteLength(part.value) : part.size;
			return sum === undefined || size === undefined ? undefined : sum + head.byteLength + size + CRLF.byteLength;
		}, this.#tail.byteLength);
	}

	/** Yields the bytes of the body. May be iterated once. Throws the error of a file that fails. */
	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		for (const { head, part } of this.#parts) {
			yield head;
			if ("value" in part) yield Buffer.from(part.value);
			else yield* this.#file(part);
			yield CRLF;
		}
		yield this.#tail;
	}

	/** True after {@link stop}. */
	get stopped(): boolean {
		return this.#stopped;
	}

	/** Ends the body early. Closes the file that is being read, without waiting for its next chunk. */
	stop(): void {
		this.#stopped = true;
		this.#endRead();
		this.#close();
	}

	#close(): void {
		const source = this.#source;
		this.#source = undefined;
		// Not awaited: otherwise a source that hangs would block the caller.
		void source?.return?.().catch(() => {});
	}

	async *#file({ name, size, content }: MultipartFile): AsyncGenerator<Uint8Array, void, void> {
		let bytes = 0;
		const source = content()[Symbol.asyncIterator]();
		this.#source = source;
		try {
			for (;;) {
				const step = await this.#next(source);
				if (this.#stopped) throw new Error("the body was stopped before its end");
				if (step.done === true) break;
				bytes += step.value.byteLength;
				if (size !== undefined && bytes > size) throw wrongSize(name, size);
				yield step.value;
			}
			if (size !== undefined && bytes < size) throw wrongSize(name, size);
		} finally {
			// Also reached when the reader leaves the loop at a chunk.
			this.#close();
		}
	}

	/** Returns the next chunk of `source`, or the end as soon as the body is stopped. */
	#next(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
		return new Promise((resolve, reject) => {
			this.#endRead = () => resolve({ done: true, value: undefined });
			if (this.#stopped) this.#endRead();
			else source.next().then(resolve, reject);
		});
	}
}

const CRLF: Uint8Array = Buffer.from("\r\n");

/** Returns the headers of a part and the empty line after them. */
function head(part: MultipartPart): string {
	const disposition = `Content-Disposition: form-data; name="${escaped(part.name)}"`;
	if ("value" in part) return `${disposition}\r\n\r\n`;
	if (!isMediaType(part.contentType)) {
		throw new SpearError("invalid_request", `${part.name}: "${part.contentType}" is not a media type such as audio/wav`);
	}
	return `${disposition}; filename="${escaped(part.filename)}"\r\nContent-Type: ${part.contentType}\r\n\r\n`;
}

/** Returns a name as browsers write it: in UTF-8, with only the characters percent-encoded that would end it. */
function escaped(name: string): string {
	return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function wrongSize(name: string, size: number): SpearError {
	return new SpearError("internal", `${name}: the length of the file differs from the ${size} bytes that were announced`);
}
