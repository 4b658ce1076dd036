import type { SpearError } from "../../errors/spear-error.ts";
import type { StatusFailure } from "./failure.ts";
import type { MultipartPart } from "./multipart.ts";

/** Deadlines of one exchange, in milliseconds; 0 means none. The call's own deadline comes on top, by its signal. */
export interface HttpTimeouts {
	/** Until the connection stands, TLS included. */
	readonly connectTimeoutMs: number;
	/** From then until the status line and headers, and again from those until the first piece of the body. */
	readonly firstByteTimeoutMs: number;
	/** Between two pieces of the body, counted only while somebody waits for the next one. Also until a piece of an upload is taken. */
	readonly idleTimeoutMs: number;
}

export const DEFAULT_TIMEOUTS: HttpTimeouts = { connectTimeoutMs: 10_000, firstByteTimeoutMs: 300_000, idleTimeoutMs: 120_000 };

/** How much an upstream may make us hold. */
export interface HttpLimits {
	/** Bytes of one body of text, streamed or not. */
	readonly maxBodyBytes: number;
	/** Bytes of one binary body, which is passed on as it comes and never held whole. */
	readonly maxBinaryBytes: number;
	/** UTF-16 units of one server-sent event. */
	readonly maxEventChars: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
	maxBodyBytes: 64 * 1024 * 1024,
	maxBinaryBytes: 1024 * 1024 * 1024,
	maxEventChars: 8 * 1024 * 1024,
};

export interface HttpOptions {
	/** `http` or `https`; its path is put before that of every request. Neither user, query nor fragment. */
	readonly baseUrl: URL;
	/** Sent with every request; a request's own win. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly timeouts?: Partial<HttpTimeouts>;
	readonly limits?: Partial<HttpLimits>;
	/** Turns a status that is not a success into an error; by HTTP's own meaning of it when absent. */
	readonly onStatus?: (failure: StatusFailure) => SpearError;
	/** Makes the boundary of each multipart body; a random one when absent. */
	readonly newBoundary?: () => string;
}

export interface HttpRequest {
	readonly method: "GET" | "POST" | "DELETE";
	/** Begins with `/`; comes after the base URL's path. */
	readonly path: string;
	/** Names in lower case. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly json?: unknown;
	/** Sent as `multipart/form-data`, in place of JSON, while its files are read. A file that fails fails the request. */
	readonly multipart?: readonly MultipartPart[];
	/** What must appear in no error although the upstream may echo it: the key. */
	readonly secret?: string | undefined;
	/** Aborting it closes the socket at once. */
	readonly signal: AbortSignal;
}
