import { Buffer } from "node:buffer";
import type { Socket } from "node:net";

/** A request as the server received it. */
export interface RawRequest {
	readonly method: string;
	/** Path with the query. */
	readonly path: string;
	/** Values by name in lower case. Several values of one name are joined by commas. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

/** Reads the requests of one connection. Lean, because the suite makes thousands of calls; a framework costs more than the call. */
export class RequestReader {
	readonly #onRequest: (request: RawRequest) => void;
	#bytes: Buffer = Buffer.alloc(0);

	constructor(socket: Socket, onRequest: (request: RawRequest) => void) {
		this.#onRequest = onRequest;
		socket.on("data", (chunk: Buffer) => {
			this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
			for (let request = this.#take(); request !== undefined; request = this.#take()) this.#onRequest(request);
		});
	}

	/** Returns the first request that has arrived whole, and forgets its bytes. */
	#take(): RawRequest | undefined {
		const end = this.#bytes.indexOf("\r\n\r\n");
		if (end === -1) return undefined;
		const [first = "", ...lines] = this.#bytes.toString("latin1", 0, end).split("\r\n");
		const headers = headersOf(lines);
		const rest = this.#bytes.subarray(end + 4);
		const body = headers["transfer-encoding"] === "chunked" ? chunkedBody(rest) : sizedBody(rest, Number(headers["content-length"] ?? 0));
		if (body === undefined) return undefined;
		this.#bytes = rest.subarray(body.length);
		const [method = "", path = ""] = first.split(" ");
		return { method, path, headers, body: body.bytes };
	}
}

/** A body, and its length with its framing. */
interface FramedBody {
	readonly bytes: Buffer;
	readonly length: number;
}

function sizedBody(rest: Buffer, length: number): FramedBody | undefined {
	return rest.length < length ? undefined : { bytes: rest.subarray(0, length), length };
}

function chunkedBody(rest: Buffer): FramedBody | undefined {
	const chunks: Buffer[] = [];
	for (let start = 0; ; ) {
		const line = rest.indexOf("\r\n", start);
		if (line === -1) return undefined;
		const size = Number.parseInt(rest.toString("latin1", start, line), 16);
		const end = line + 2 + size;
		if (rest.length < end + 2) return undefined;
		if (size === 0) return { bytes: Buffer.concat(chunks), length: end + 2 };
		chunks.push(rest.subarray(line + 2, end));
		start = end + 2;
	}
}

function headersOf(lines: readonly string[]): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const colon = line.indexOf(":");
		const name = line.slice(0, colon).toLowerCase();
		const value = line.slice(colon + 1).trim();
		headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
	}
	return headers;
}
