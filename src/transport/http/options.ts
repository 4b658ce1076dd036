import type { SpearError } from "../../errors/spear-error.ts";
import type { Network } from "../network.ts";
import type { BackendTimeouts } from "../timeouts.ts";
import type { Headers } from "./headers.ts";
import type { MultipartPart } from "./multipart.ts";
import type { RequestSigner } from "./request-signer.ts";
import type { StatusFailure } from "./status-error.ts";

/** First byte: a large model may compute for minutes before a whole answer. Idle: between two tokens of a loaded server. */
export const DEFAULT_TIMEOUTS: BackendTimeouts = { connectTimeoutMs: 10_000, firstByteTimeoutMs: 300_000, idleTimeoutMs: 120_000 };

/** Bounds on what one answer may occupy in memory or pass on. */
export interface HttpLimits {
	/** Largest text body, streamed or not, in bytes. */
	readonly maxBodyBytes: number;
	/** Largest binary body, in bytes. Binary bodies are passed on as they arrive and never held whole. */
	readonly maxBinaryBytes: number;
	/** Largest server-sent event, in UTF-16 units. */
	readonly maxEventChars: number;
}

/** Room for a batch of 2048 vectors of 1536 numbers as text, an hour of uncompressed audio, and an event with an image in base64. */
export const DEFAULT_LIMITS: HttpLimits = {
	maxBodyBytes: 64 * 1024 * 1024,
	maxBinaryBytes: 1024 * 1024 * 1024,
	maxEventChars: 8 * 1024 * 1024,
};

export interface HttpOptions {
	/** An `http` or `https` URL without user, query and fragment. The URL's path precedes the path of every request. */
	readonly baseUrl: URL;
	/** Headers of every request. A request's own headers take precedence. */
	readonly headers?: Headers;
	/** Proxies and certificate authorities. The default is direct connections. */
	readonly network?: Network;
	/** The default is {@link DEFAULT_TIMEOUTS}. */
	readonly timeouts?: Partial<BackendTimeouts>;
	/** The default is {@link DEFAULT_LIMITS}. */
	readonly limits?: Partial<HttpLimits>;
	/**
	 * Completes a request before it is sent, for example with a token that changes. The error that it throws is that of the request. The
	 * default sends a request as it is.
	 */
	readonly prepare?: (request: HttpRequest) => Promise<HttpRequest>;
	/** Makes the error for a status that is not a success. The default is `statusError`. */
	readonly onStatus?: (failure: StatusFailure) => SpearError;
	/** Signs requests with a JSON body or none. The default is no signature. */
	readonly signer?: RequestSigner;
	/** Makes the boundary of a multipart body. The default is a random one. */
	readonly newBoundary?: () => string;
}

export interface HttpRequest {
	readonly method: "GET" | "POST" | "DELETE";
	/** Begins with `/`. Appended to the path of the base URL. */
	readonly path: string;
	/** Names are in lower case. */
	readonly headers?: Headers;
	/** Body, sent as JSON. Ignored if `multipart` is present. */
	readonly json?: unknown;
	/** Body, sent as `multipart/form-data` while its files are read. A file that fails ends the request with its error. */
	readonly multipart?: readonly MultipartPart[];
	/** The key. An upstream may echo it; no error shows it. */
	readonly secret?: string | undefined;
	/** Aborting it closes the socket at once. */
	readonly signal: AbortSignal;
}
