import { randomBytes } from "node:crypto";
import { SpearError } from "../../errors/spear-error.ts";

/** One part of a `multipart/form-data` body: a field or a file. */
export type MultipartPart = MultipartField | MultipartFile;

export interface MultipartField {
	readonly name: string;
	/** Sent as it is, in UTF-8. */
	readonly value: string;
}

export interface MultipartFile {
	readonly name: string;
	/** What the upstream is told the file is called; some go by its extension. */
	readonly filename: string;
	/** A media type, e.g. `audio/wav`. */
	readonly contentType: string;
	/** Length in bytes, when known. That of the whole body is told only when that of every file is known. */
	readonly size?: number | undefined;
	/** Opens the file, once, when its turn comes. What it yields is not to be changed later. */
	content(): AsyncIterable<Uint8Array>;
}

/** A type and a subtype, then perhaps parameters: nothing that could end a header. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\t\x20-\x7e]*)?$/;

/** A boundary that no file will hold by chance: 96 random bits. */
export function randomBoundary(): string {
	return `----spear-${randomBytes(12).toString("hex")}`;
}

/**
 * A `multipart/form-data` body that is made while it is sent: at no time more of a file is in memory than the piece it yielded
 * last, and the next one is asked for only when the sender wants more.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export class MultipartBody implements AsyncIterable<Uint8Array> {
	/** The media type, with the boundary. */
	readonly contentType: string;
	/** Length of the whole body in bytes; `undefined` when that of a file is not known. */
	readonly contentLength: number | undefined;
	readonly #parts: readonly { readonly head: Uint8Array; readonly part: MultipartPart }[];
	readonly #tail: Uint8Array;
	#stopped = false;
	#source: AsyncIterator<Uint8Array> | undefined;
	#release: () => void = () => {};

	/** @throws SpearError `invalid_request` for a file whose media type is none. */
	constructor(parts: readonly MultipartPart[], boundary: string = randomBoundary()) {
		this.contentType = `multipart/form-data; boundary=${boundary}`;
		this.#parts = parts.map((part) => ({ head: Buffer.from(`--${boundary}\r\n${head(part)}`), part }));
		this.#tail = Buffer.from(`--${boundary}--\r\n`);
		this.contentLength = this.#parts.reduce<number | undefined>((sum, { head, part }) => {
			const size = "value" in part ? Buffer.byteLength(part.value) : part.size;
			return sum === undefined || size === undefined ? undefined : sum + head.byteLength + size + CRLF.byteLength;
		}, this.#tail.byteLength);
	}

	/** The body's bytes. To be read once; fails as the file fails that is being read. */
	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		for (const { head, part } of this.#parts) {
			yield head;
			if ("value" in part) yield Buffer.from(part.value);
			else yield* this.#file(part);
			yield CRLF;
		}
		yield this.#tail;
	}

	/** Whether {@link stop} was called. */
	get stopped(): boolean {
		return this.#stopped;
	}

	/** Closes the file that is being read, if one is, without waiting for what it is about to yield. No more comes after it. */
	stop(): void {
		this.#stopped = true;
		this.#release();
		this.#close();
	}

	#close(): void {
		const source = this.#source;
		this.#source = undefined;
		// Nobody waits for it: a source that hangs must not hold back the caller.
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
			// Whoever reads this body may leave at a piece: then the file is closed like any other left early.
			this.#close();
		}
	}

	/** The source's next piece, or the end as soon as the body is stopped. */
	#next(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
		return new Promise((resolve, reject) => {
			this.#release = () => resolve({ done: true, value: undefined });
			if (this.#stopped) this.#release();
			else source.next().then(resolve, reject);
		});
	}
}

const CRLF: Uint8Array = Buffer.from("\r\n");

/** A part's headers and the empty line after them. */
function head(part: MultipartPart): string {
	const disposition = `Content-Disposition: form-data; name="${escaped(part.name)}"`;
	if ("value" in part) return `${disposition}\r\n\r\n`;
	if (!MEDIA_TYPE.test(part.contentType)) {
		throw new SpearError("invalid_request", `${part.name}: "${part.contentType}" is not a media type such as audio/wav`);
	}
	return `${disposition}; filename="${escaped(part.filename)}"\r\nContent-Type: ${part.contentType}\r\n\r\n`;
}

/** A name as browsers write it: UTF-8, with only what would end it percent-encoded. */
function escaped(name: string): string {
	return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function wrongSize(name: string, size: number): SpearError {
	return new SpearError("internal", `${name}: the file turned out to be longer or shorter than the ${size} bytes announced`);
}
