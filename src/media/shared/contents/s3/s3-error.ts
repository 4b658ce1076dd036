/** A failure of a bucket, for the log of the host. Holds neither a key nor the text of the server, which may repeat one. */
export class S3Error extends Error {
	override readonly name = "S3Error";
	/** Absent without an answer. */
	readonly status: number | undefined;
	/** Code of the server, such as `SlowDown`. Absent without one. */
	readonly code: string | undefined;

	constructor(
		action: string,
		details: { readonly status?: number; readonly code?: string | undefined; readonly cause?: unknown; readonly hint?: string },
	) {
		const { status, code, cause, hint } = details;
		const reason = cause instanceof Error ? `: ${cause.message}` : "";
		super(
			`S3: ${action}${status === undefined ? "" : `: status ${status}`}${code === undefined ? "" : ` (${code})`}${reason}${hint ?? ""}`,
			{ cause },
		);
		this.status = status;
		this.code = code;
	}
}

/** Returns the content of the first element of a name in a bounded text of XML, if it holds only the characters of identifiers. */
export function elementOf(xml: string, name: "Code" | "UploadId"): string | undefined {
	const start = xml.indexOf(`<${name}>`);
	if (start === -1) return undefined;
	const begin = start + name.length + 2;
	const text = xml.slice(begin, begin + 2_048);
	const end = text.indexOf("<");
	return end > 0 && /^[\w.~+/=-]+$/.test(text.slice(0, end)) ? text.slice(0, end) : undefined;
}
