import type { SpearError } from "../errors/spear-error.ts";
import type { Exchange } from "../transport/http/exchange.ts";
import { statusError } from "../transport/http/status-error.ts";
import { transportError } from "../transport/http/transport-error.ts";

/** The exchange that errors name. Modelled upstreams fail with the same errors as adapters for real ones. */
const EXCHANGE: Exchange = { target: "POST http://modelled/v1/chat/completions", hostname: "modelled", redact: (text) => text };

export function answeredWith(status: number, retryAfterMs?: number): SpearError {
	return statusError({ ...EXCHANGE, status, headers: {}, body: "", retryAfterMs });
}

export function refusedConnection(): SpearError {
	return transportError(EXCHANGE, "waiting", withCode("ECONNREFUSED"));
}

export function brokenConnection(): SpearError {
	return transportError(EXCHANGE, "waiting", withCode("ECONNRESET"));
}

function withCode(code: string): Error {
	return Object.assign(new Error(code), { code });
}
