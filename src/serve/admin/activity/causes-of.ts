/** Deepest cause that is looked at. */
const MAX_DEPTH = 8;

/** Form of a code of Node, of OpenSSL or of the HTTP client, e.g. `ECONNREFUSED`. */
const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/**
 * Returns the codes of the causes of an error, the outermost first. Messages of causes are left out: they may hold text of an upstream, which may
 * repeat a prompt.
 */
export function causesOf(error: Error): string[] {
	const codes: string[] = [];
	let cause: unknown = error.cause;
	for (let depth = 0; depth < MAX_DEPTH && typeof cause === "object" && cause !== null; depth++) {
		const code: unknown = "code" in cause ? cause.code : undefined;
		if (typeof code === "string" && CODE.test(code) && codes.at(-1) !== code) codes.push(code);
		const status: unknown = "status" in cause ? cause.status : "statusCode" in cause ? cause.statusCode : undefined;
		if (typeof status === "number" && Number.isInteger(status) && status >= 100 && status < 600) codes.push(`status ${status}`);
		cause = "cause" in cause ? cause.cause : undefined;
	}
	return codes;
}
