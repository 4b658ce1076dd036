import { HttpError } from "../http-error.ts";

/** The parts of a request that its body is read from. */
export type BodyOf = Pick<Request, "headers" | "body" | "arrayBuffer">;

/** Bounds of a body. */
export interface BodyBounds {
	/** Largest body, in bytes. */
	readonly maxBytes: number;
	/** Counts bytes before they are held. Throws to refuse them. The default counts nothing. */
	readonly charge?: ((bytes: number) => void) | undefined;
}

/** Stated length up to which a body counts before it arrives, and is read at once. A longer one counts as it arrives. */
const SMALL_BYTES = 64 * 1024;

/**
 * Reads the body of a request as text in UTF-8.
 *
 * @throws As `readBytes`; HttpError 400 for text that is not UTF-8.
 */
export async function readText(request: BodyOf, bounds: BodyBounds): Promise<string> {
	const bytes = await readBytes(request, bounds);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new HttpError(400, "invalid_request", "the body is not UTF-8");
	}
}

/** Returns the media type of a request in lower case, without parameters. Empty if the request states none. */
export function mediaTypeOf({ headers }: Pick<Request, "headers">): string {
	return (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/**
 * Reads the bytes of a body. A body that is too large is refused before it is read, or, if the request does not state its length, while it arrives.
 *
 * @throws HttpError 413 for a body beyond `maxBytes`, and as `charge` does.
 */
export async function readBytes(request: BodyOf, { maxBytes, charge = () => {} }: BodyBounds): Promise<Uint8Array> {
	const stated = statedLength(request.headers);
	if (stated !== undefined && stated > maxBytes) throw tooLarge(maxBytes);
	if (stated !== undefined && stated <= SMALL_BYTES) {
		charge(stated);
		return new Uint8Array(await request.arrayBuffer());
	}
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.body ?? []) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLarge(maxBytes);
		charge(chunk.length);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks, bytes);
}

function statedLength(headers: Headers): number | undefined {
	const text = headers.get("content-length");
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function tooLarge(maxBytes: number): HttpError {
	return new HttpError(413, "body_too_large", `the body has more than ${maxBytes} bytes, the limit here`, {
		headers: { connection: "close" },
	});
}
