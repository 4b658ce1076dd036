import { Buffer } from "node:buffer";

/** A request as the upstream must receive it. */
export interface UpstreamRequest {
	readonly method: string;
	/** Path with the query. */
	readonly path: string;
	/** Headers to compare, by name in lower case: the exact value, a pattern, or `null` for a header that must be absent. */
	readonly headers?: Readonly<Record<string, string | RegExp | null>>;
	/** Body as JSON, compared member by member. */
	readonly json?: unknown;
	/** Body as text, for numbers and orders that parsed JSON does not keep. Compared in addition to `json`. */
	readonly text?: string | RegExp;
	/** Body as `multipart/form-data`, in order. */
	readonly form?: readonly FormPart[];
}

/** A part of a `multipart/form-data` body: a field, or a file. */
export type FormPart =
	| { readonly name: string; readonly value: string }
	| { readonly name: string; readonly filename: string; readonly type: string; readonly bytes: Uint8Array };

/** A recorded answer of an upstream. */
export interface UpstreamAnswer {
	/** The default is 200. */
	readonly status?: number;
	/** Headers by name in lower case, with `content-type`. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array;
	/**
	 * True if the body itself shows where it ends, as JSON and event streams do. False for bare audio or images, whose end only the
	 * connection shows. The default follows from the media type.
	 */
	readonly delimited?: boolean;
}

/** Parts of an answer that a helper leaves to its caller. */
type More = Partial<Pick<UpstreamAnswer, "status" | "headers">>;

/** Returns a recorded answer with this body. */
export function answerOf(contentType: string, body: string | Uint8Array, { status = 200, headers = {} }: More = {}): UpstreamAnswer {
	return { status, headers: { "content-type": contentType, ...headers }, body: typeof body === "string" ? Buffer.from(body) : body };
}

/** Returns an answer in JSON. */
export function jsonAnswer(value: unknown, more: More = {}): UpstreamAnswer {
	return answerOf("application/json", JSON.stringify(value), more);
}

/** An event of a stream: its data alone, or with its type. Data other than a string is written as JSON. */
export type SseEvent = string | object | { readonly event: string; readonly data: unknown };

/** Returns a stream of server-sent events. */
export function sseAnswer(events: readonly SseEvent[], more: More = {}): UpstreamAnswer {
	return answerOf("text/event-stream", events.map(sseText).join(""), more);
}

/** Returns a stream of JSON values, one a line. */
export function ndjsonAnswer(values: readonly unknown[], more: More = {}): UpstreamAnswer {
	return answerOf("application/x-ndjson", values.map((value) => `${JSON.stringify(value)}\n`).join(""), more);
}

function sseText(event: SseEvent): string {
	if (typeof event === "object" && "event" in event && "data" in event) return `event: ${event.event}\ndata: ${dataText(event.data)}\n\n`;
	return `data: ${dataText(event)}\n\n`;
}

function dataText(data: unknown): string {
	return typeof data === "string" ? data : JSON.stringify(data);
}

/** Media types whose bodies do not show where they end. */
const UNDELIMITED = /^(?:audio|image|video)\/|^application\/octet-stream|^text\/plain/;

/** Returns true if a body that ends early differs from a whole one. */
export function isDelimited({ delimited, headers }: UpstreamAnswer): boolean {
	return delimited ?? !UNDELIMITED.test(headers["content-type"] ?? "");
}
