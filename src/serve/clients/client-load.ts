import type { ServerSettings } from "../../config/serve-settings.ts";
import { HttpError } from "../http-error.ts";

/** Part of the server's bounds that one of several clients may use. Otherwise one client could shut out all others. */
const SHARE = 0.5;

/** Resources that the requests in progress of a client use. */
export interface ClientUse {
	requests: number;
	/** Bytes of bodies. */
	bodyBytes: number;
}

/** A client with what its requests use. */
export interface Loading {
	readonly use: ClientUse;
}

/** A request in progress, as the bounds count it. */
export interface CountedRequest {
	/**
	 * Counts bytes of the body, before they are held.
	 *
	 * @throws HttpError 429 beyond the share of the client, 503 beyond the bound of the server.
	 */
	readonly chargeBody: (bytes: number) => void;
	/** Ends the count. Safe to call twice. */
	end(): void;
}

/** Parts of the server that bound its clients. */
export interface ClientLoadParts {
	readonly settings: () => { readonly server: Pick<ServerSettings, "maxRequests" | "maxTotalBodyBytes"> };
	/** Returns true if there are several clients. */
	readonly areSeveral: () => boolean;
}

/** Requests in progress and their bodies, of each client and in sum. */
export class ClientLoad {
	readonly #parts: ClientLoadParts;
	#bodyBytes = 0;

	constructor(parts: ClientLoadParts) {
		this.#parts = parts;
	}

	/** @throws HttpError 429 if the client is one of several, and has its share of `max_requests` in progress. */
	check({ use }: Loading): void {
		if (!this.#parts.areSeveral()) return;
		const most = Math.ceil(this.#parts.settings().server.maxRequests * SHARE);
		if (use.requests >= most) throw refusal(429, `this client has ${most} requests in progress, its share of max_requests`);
	}

	/** Counts a request from now on. */
	begin({ use }: Loading): CountedRequest {
		use.requests += 1;
		let held = 0;
		let hasEnded = false;
		return {
			chargeBody: (bytes) => {
				if (hasEnded) return;
				this.#checkBody(use, bytes);
				held += bytes;
				use.bodyBytes += bytes;
				this.#bodyBytes += bytes;
			},
			end: () => {
				if (hasEnded) return;
				hasEnded = true;
				use.requests -= 1;
				use.bodyBytes -= held;
				this.#bodyBytes -= held;
			},
		};
	}

	#checkBody(use: ClientUse, bytes: number): void {
		const { maxTotalBodyBytes } = this.#parts.settings().server;
		if (this.#parts.areSeveral() && use.bodyBytes + bytes > maxTotalBodyBytes * SHARE)
			throw refusal(429, "the bodies of this client's requests in progress have reached its share of max_total_body_bytes");
		if (this.#bodyBytes + bytes > maxTotalBodyBytes)
			throw refusal(503, "the bodies of all requests in progress have reached max_total_body_bytes of the server");
	}
}

function refusal(status: 429 | 503, reason: string): HttpError {
	return new HttpError(status, status === 429 ? "rate_limited" : "overloaded", `${reason}; send the request again`, {
		// The rest of the body is not read.
		headers: { "retry-after": "1", connection: "close" },
	});
}
