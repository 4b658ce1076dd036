import { randomUUID } from "node:crypto";
import type { CallOptions } from "../../generated/ir/types.ts";

/** Returns a key that keeps the turns of one conversation at one backend: each prompt begins with the former one, which may be cached. */
export function newSessionKey(): string {
	return `conversation ${randomUUID()}`;
}

/** Adds a session key to options that have none. */
export function withSessionKey(options: CallOptions | undefined): CallOptions {
	const routing = options?.routing ?? { allowlist: [], denylist: [], preferred: [] };
	return { ...options, routing: { ...routing, session_key: routing.session_key ?? newSessionKey() } };
}
