import type { IncomingMessage } from "node:http";

/** A refusal of a request whose end, or whose server, two implementations could understand differently. */
export interface RequestFault {
	readonly status: 400 | 431 | 501 | 505;
	readonly message: string;
}

/** Most header fields of a request. Each takes memory beside its bytes. */
export const MAX_HEADERS = 200;

/**
 * Returns the reason to refuse a request and close its connection. `undefined` for none. Node's parser refuses most such requests before; this refuses
 * what it lets pass.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.1
 */
export function requestFault({ httpVersion, headers, rawHeaders, url = "/" }: IncomingMessage): RequestFault | undefined {
	if (httpVersion !== "1.1" && httpVersion !== "1.0") return { status: 505, message: "the server speaks HTTP/1.1" };
	if (rawHeaders.length > 2 * MAX_HEADERS) return { status: 431, message: `the request has more than ${MAX_HEADERS} header fields` };
	if (countOf("host", rawHeaders) > 1) return { status: 400, message: "the request has more than one header Host" };
	const coding = headers["transfer-encoding"];
	if (coding !== undefined && httpVersion === "1.0") return { status: 400, message: "HTTP/1.0 has no transfer-encoding" };
	if (coding !== undefined && coding.trim().toLowerCase() !== "chunked")
		return { status: 501, message: "the server takes transfer-encoding: chunked, and no other one" };
	if (!url.startsWith("/") && url !== "*") {
		const authority = URL.parse(url)?.host;
		if (authority === undefined || authority === "" || authority !== headers.host?.toLowerCase())
			return { status: 400, message: "the target of the request differs from its header Host" };
	}
	return undefined;
}

function countOf(name: string, rawHeaders: readonly string[]): number {
	let count = 0;
	for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count += 1;
	return count;
}
