import { type PartHead, partHead } from "./part-head.ts";

/** Bounds of a form. */
export interface MultipartLimits {
	/** Number of parts. */
	readonly maxParts: number;
	/** Bytes of the headers of one part. */
	readonly maxHeaderBytes: number;
	/** Bytes of the whole body. */
	readonly maxBytes: number;
}

/** Errors of a reader, made by its caller. */
export interface MultipartErrors {
	/** Makes the error of a body that is no form. */
	malformed(what: string): Error;
	/** Makes the error of a body beyond a bound. */
	tooLarge(what: string): Error;
}

/** Part of a form. Read `content` to its end, or ask for the next part, which skips the rest. */
export interface MultipartPart extends PartHead {
	/** Yields the bytes as they arrive. May be iterated once. The bytes must not be kept: they are a part of a larger buffer. */
	content(): AsyncGenerator<Uint8Array, void, void>;
}

const DASHES = 0x2d2d;
const HEAD_END: Uint8Array = Buffer.from("\r\n\r\n");

/** Bytes after the last part that are read and ignored. */
const MAX_EPILOGUE_BYTES = 64 * 1024;

/**
 * Reads a `multipart/form-data` body part by part while the body arrives. Holds one chunk of the body, and asks for the next one only when the
 * reader of the part does: a slow disk slows the client down. Time is linear in the bytes of the body, however they are cut into chunks.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */
export class MultipartReader {
	readonly #source: AsyncIterator<Uint8Array>;
	readonly #delimiter: Uint8Array;
	readonly #limits: MultipartLimits;
	readonly #errors: MultipartErrors;
	/** Bytes that arrived and belong to no part yet. The line break that a delimiter begins with is added before the first line. */
	#buffer: Buffer = Buffer.from("\r\n");
	#received = 0;
	#parts = 0;
	/** Place of the reader: before the first delimiter, in the content of a part, or after a delimiter. */
	#place: "preamble" | "content" | "delimiter" = "preamble";

	/** @param boundary As the request's `Content-Type` names it. */
	constructor(body: AsyncIterable<Uint8Array>, boundary: string, limits: MultipartLimits, errors: MultipartErrors) {
		this.#source = body[Symbol.asyncIterator]();
		this.#delimiter = Buffer.from(`\r\n--${boundary}`);
		this.#limits = limits;
		this.#errors = errors;
	}

	/**
	 * Returns the next part, or `undefined` after the last one. The rest of the part before it is skipped.
	 *
	 * @throws An error of {@link MultipartErrors}; the error of the body.
	 */
	async next(): Promise<MultipartPart | undefined> {
		if (this.#place === "preamble") await this.#skipPreamble();
		else if (this.#place === "content") for await (const _ of this.#content());
		if (await this.#atEnd()) {
			await this.#skipEpilogue();
			return undefined;
		}
		this.#parts += 1;
		const { maxParts } = this.#limits;
		if (this.#parts > maxParts) throw this.#errors.tooLarge(`the form has more than ${maxParts} parts`);
		const head = partHead(await this.#headText(), (what) => this.#errors.malformed(what));
		this.#place = "content";
		return { ...head, content: () => this.#content() };
	}

	/** Ends the reading early and releases the body. Safe to call after the end. */
	async close(): Promise<void> {
		await this.#source.return?.();
	}

	/** Yields bytes until the delimiter, and removes the delimiter from the buffer. */
	async *#content(): AsyncGenerator<Uint8Array, void, void> {
		const delimiter = this.#delimiter;
		for (;;) {
			const found = this.#buffer.indexOf(delimiter);
			// The last bytes may be the beginning of the delimiter.
			const end = found === -1 ? Math.max(0, this.#buffer.byteLength - delimiter.byteLength + 1) : found;
			const bytes = this.#buffer.subarray(0, end);
			this.#buffer = this.#buffer.subarray(found === -1 ? end : end + delimiter.byteLength);
			if (found !== -1) this.#place = "delimiter";
			if (bytes.byteLength > 0) yield bytes;
			if (found !== -1) return;
			await this.#fill("a part of the form");
		}
	}

	async #skipPreamble(): Promise<void> {
		let skipped = 0;
		for await (const bytes of this.#content()) {
			skipped += bytes.byteLength;
			if (skipped > this.#limits.maxHeaderBytes) throw this.#errors.malformed("the body does not begin with its boundary");
		}
	}

	/** Returns true if the delimiter was the last one. */
	async #atEnd(): Promise<boolean> {
		while (this.#buffer.byteLength < 2) await this.#fill("a line with the boundary");
		return this.#buffer.readUInt16BE(0) === DASHES;
	}

	/** Returns the headers of a part, and removes them from the buffer. The rest of the boundary's line comes before them. */
	async #headText(): Promise<string> {
		const { maxHeaderBytes } = this.#limits;
		let searched = 0;
		for (;;) {
			const found = this.#buffer.indexOf(HEAD_END, searched);
			if ((found === -1 ? this.#buffer.byteLength - HEAD_END.byteLength : found) > maxHeaderBytes)
				throw this.#errors.tooLarge(`the headers of a part have more than ${maxHeaderBytes} bytes`);
			if (found !== -1) {
				const text = this.#buffer.toString("utf8", 0, found);
				this.#buffer = this.#buffer.subarray(found + HEAD_END.byteLength);
				const line = text.indexOf("\r\n");
				const padding = line === -1 ? text : text.slice(0, line);
				if (padding.trim() !== "") throw this.#errors.malformed("a line with the boundary goes on after the boundary");
				return line === -1 ? "" : text.slice(line + 2);
			}
			searched = Math.max(0, this.#buffer.byteLength - HEAD_END.byteLength + 1);
			await this.#fill("the headers of a part");
		}
	}

	/** Reads the rest of the body, so that the connection can be used again. */
	async #skipEpilogue(): Promise<void> {
		let bytes = this.#buffer.byteLength;
		this.#buffer = Buffer.alloc(0);
		while (bytes <= MAX_EPILOGUE_BYTES) {
			const chunk = await this.#chunk();
			if (chunk === undefined) return;
			bytes += chunk.byteLength;
		}
		throw this.#errors.malformed("the body goes on after the last part");
	}

	/**
	 * Adds bytes to the buffer: at least as many as it holds. Otherwise a body in chunks of one byte would be copied once for each of them.
	 *
	 * @param within Place of the reader, for the error of a body that ends there.
	 */
	async #fill(within: string): Promise<void> {
		const chunks: Uint8Array[] = [this.#buffer];
		let gained = 0;
		do {
			const chunk = await this.#chunk();
			if (chunk === undefined) {
				if (gained > 0) break;
				throw this.#errors.malformed(`the body ends within ${within}`);
			}
			chunks.push(chunk);
			gained += chunk.byteLength;
		} while (gained < this.#buffer.byteLength || gained === 0);
		this.#buffer = Buffer.concat(chunks);
	}

	/** Returns the next chunk of the body, or `undefined` at its end. */
	async #chunk(): Promise<Uint8Array | undefined> {
		const step = await this.#source.next();
		if (step.done === true) return undefined;
		this.#received += step.value.byteLength;
		const { maxBytes } = this.#limits;
		if (this.#received > maxBytes) throw this.#errors.tooLarge(`the body has more than ${maxBytes} bytes`);
		return step.value;
	}
}
