import type { ReceivedRequest } from "./openai-server.ts";

/** A field: name and value. A file: name, filename, media type and bytes as Latin-1. */
export type FormPart = readonly [name: string, ...rest: string[]];

/** Returns the parts of a `multipart/form-data` body in order. Throws if a byte of the body belongs to no part. */
export function formOf(request: ReceivedRequest | undefined): FormPart[] {
	const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(request?.headers["content-type"] ?? "")?.[1];
	const body = request?.bytes.toString("latin1") ?? "";
	if (boundary === undefined || !body.startsWith(`--${boundary}\r\n`) || !body.endsWith(`\r\n--${boundary}--\r\n`)) {
		throw new Error(`no form: ${request?.headers["content-type"]}`);
	}
	const inner = body.slice(boundary.length + 4, -boundary.length - 8);
	return inner.split(`\r\n--${boundary}\r\n`).map((part): FormPart => {
		const end = part.indexOf("\r\n\r\n");
		const value = part.slice(end + 4);
		const head = /^Content-Disposition: form-data; name="([^"]+)"(?:; filename="([^"]+)"\r\nContent-Type: (.+))?$/.exec(part.slice(0, end));
		const [, name, filename, type] = head ?? [];
		if (name === undefined) throw new Error(`a part without a name: ${part.slice(0, end)}`);
		return filename === undefined || type === undefined ? [name, value] : [name, filename, type, value];
	});
}
