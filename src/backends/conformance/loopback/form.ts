import { Buffer } from "node:buffer";
import type { FormPart } from "../upstream.ts";
import type { ReceivedRequest } from "./server.ts";

/** Returns the parts of a `multipart/form-data` body in order. Throws if a byte of the body belongs to no part. */
export function formOf({ headers, body }: ReceivedRequest): FormPart[] {
	const type = headers["content-type"] ?? "";
	const boundary = /^multipart\/form-data; ?boundary="?([^"]+)"?$/.exec(type)?.[1];
	const text = body.toString("latin1");
	if (boundary === undefined || !text.startsWith(`--${boundary}\r\n`) || !text.endsWith(`\r\n--${boundary}--\r\n`))
		throw new Error(`the body is no form: ${type}`);
	const inner = text.slice(boundary.length + 4, -boundary.length - 8);
	return inner.split(`\r\n--${boundary}\r\n`).map(partOf);
}

function partOf(part: string): FormPart {
	const end = part.indexOf("\r\n\r\n");
	const head = part.slice(0, end);
	const value = part.slice(end + 4);
	const match = /^content-disposition: form-data; name="([^"]+)"(?:; filename="([^"]+)")?(?:\r\ncontent-type: (.+))?$/i.exec(head);
	const [, name, filename, type] = match ?? [];
	if (name === undefined) throw new Error(`a part without a name: ${head}`);
	if (filename === undefined) return { name, value: Buffer.from(value, "latin1").toString() };
	return { name, filename, type: type ?? "", bytes: new Uint8Array(Buffer.from(value, "latin1")) };
}
