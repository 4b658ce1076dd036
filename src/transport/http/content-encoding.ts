import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";

/** Largest chunk of decoded bytes. No more is decoded before the reader asks for it, so a small body cannot become a large one in memory. */
const CHUNK_BYTES = 64 * 1024;

const OPTIONS = { chunkSize: CHUNK_BYTES };

/**
 * Decoders by content coding. A decoder is chosen by the first byte of the body: some servers send `deflate` without its wrapper. `zstd` is
 * not among them: Node's decoder ends after the first frame of several without an error, so a part would look like the whole.
 */
const DECODERS: Readonly<Record<string, (first: number) => Duplex>> = {
	gzip: () => createGunzip(OPTIONS),
	"x-gzip": () => createGunzip(OPTIONS),
	deflate: (first) => ((first & 0x0f) === 8 ? createInflate(OPTIONS) : createInflateRaw(OPTIONS)),
	br: () => createBrotliDecompress(OPTIONS),
};

/** A body that is not what its content coding says. */
export class EncodingError extends Error {
	override readonly name = "EncodingError";
	/** True if the encoded body ended early. */
	readonly truncated: boolean;

	constructor(message: string, truncated: boolean) {
		super(message);
		this.truncated = truncated;
	}
}

/** Returns the content coding of a body, or `undefined` for a body that is not encoded. */
export function contentCoding(header: string | undefined): string | undefined {
	if (header === undefined || header === "identity") return undefined;
	const codings = header.split(",").map((coding) => coding.trim().toLowerCase());
	const applied = codings.filter((coding) => coding !== "" && coding !== "identity");
	return applied.length === 0 ? undefined : applied.join(", ");
}

/** Returns true for a content coding that {@link decoded} knows. Several codings of one body are not known. */
export function canDecode(coding: string): boolean {
	return Object.hasOwn(DECODERS, coding);
}

/**
 * Yields the decoded bytes of a body as they arrive.
 *
 * @param onEnd Called once the body needs no more cleaning up. Called only after the first `next`.
 * @throws EncodingError for bytes that the coding does not allow; the error of the body.
 */
export async function* decoded(
	body: AsyncGenerator<Uint8Array, void, void>,
	coding: string,
	onEnd: () => void,
): AsyncGenerator<Uint8Array, void, void> {
	let decoder: Duplex | undefined;
	try {
		const first = await firstChunk(body);
		if (first === undefined) return; // A body without bytes needs no decoding, whatever its coding.
		decoder = DECODERS[coding]?.(first[0] ?? 0);
		if (decoder === undefined) throw new EncodingError(`unknown coding ${coding}`, false);
		const fed = pipeline(withFirst(first, body), decoder);
		fed.catch(() => {}); // The reader of the decoder receives the error.
		for await (const chunk of decoder) yield chunk;
	} catch (thrown) {
		throw encodingError(thrown);
	} finally {
		decoder?.destroy();
		onEnd();
	}
}

async function firstChunk(body: AsyncGenerator<Uint8Array, void, void>): Promise<Uint8Array | undefined> {
	for (;;) {
		const step = await body.next();
		if (step.done === true) return undefined;
		if (step.value.byteLength > 0) return step.value;
	}
}

async function* withFirst(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void, void>): AsyncGenerator<Uint8Array, void, void> {
	yield first;
	yield* rest;
}

/** Returns the error for a failure of zlib. Returns other errors unchanged. */
function encodingError(thrown: unknown): unknown {
	if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return thrown;
	const isZlib = /^(?:Z_|ERR__|ERR_ZLIB|ERR_BROTLI)/.test(thrown.code);
	return isZlib ? new EncodingError(thrown.message, thrown.code === "Z_BUF_ERROR") : thrown;
}
