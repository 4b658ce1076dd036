import { HttpError } from "../http-error.ts";

/** The parts of a request that its body is read from. */
export type BodyOf = Pick<Request, "headers" | "body" | "arrayBuffer">;

/**
 * Reads the body of a request as text in UTF-8.
 *
 * @param maxBytes Largest body. A larger one is refused before it is read, or, if the request does not state its length, while it arrives.
 * @throws HttpError 413 for a larger body; 400 for text that is not UTF-8.
 */
export async function readText(request: BodyOf, maxBytes: number): Promise<string> {
	const bytes = await readBytes(request, maxBytes);
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

async function readBytes(request: BodyOf, maxBytes: number): Promise<Uint8Array> {
	const stated = request.headers.get("content-length");
	if (stated !== null) {
		if (Number(stated) > maxBytes) throw tooLarge(maxBytes);
		return new Uint8Array(await request.arrayBuffer());
	}
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.body ?? []) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLarge(maxBytes);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks, bytes);
}

function tooLarge(maxBytes: number): HttpError {
	return new HttpError(413, "body_too_large", `the body has more than ${maxBytes} bytes, the limit here`, {
		headers: { connection: "close" },
	});
}
