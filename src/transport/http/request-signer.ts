import type { Headers } from "./headers.ts";

/** A request as it is sent. */
export interface SignableRequest {
	readonly method: string;
	/** Origin and path. */
	readonly url: URL;
	/** Media type of the body. Absent without a body. */
	readonly contentType: string | undefined;
	/** Text of the body. Empty without one. */
	readonly body: string;
	/** The key of the request. */
	readonly secret: string | undefined;
}

/** Authenticates requests by headers that depend on the whole request, such as a signature. */
export interface RequestSigner {
	/** Returns the headers that authenticate a request. */
	sign(request: SignableRequest): Promise<Headers>;
	/** Returns the secrets beside the key, which no error may show. */
	secrets(): readonly string[];
}
