import { createHash, timingSafeEqual } from "node:crypto";
import { presentedKey } from "../clients/clients.ts";
import type { Context } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/**
 * Checks the key of the admin API. The comparison takes the same time for every key.
 *
 * @throws HttpError 404 without an admin API; 401 for a missing or wrong key; 429 after too many wrong keys of the same address.
 */
export function checkAdminKey(c: Context<ServeEnv>, { settings, guesses }: Pick<ServeContext, "settings" | "guesses">): void {
	const { adminDigest } = settings();
	if (adminDigest === undefined)
		throw new HttpError(
			404,
			"not_found",
			`there is no ${c.req.method} ${c.req.path}: the admin API is off; set admin_key_env in [server] of spear.toml`,
		);
	const key = presentedKey(c.req.raw.headers);
	if (key === undefined) throw unauthenticated("send the key of the admin API as `Authorization: Bearer KEY`");
	const address = c.env.incoming?.socket.remoteAddress ?? "";
	const waitMs = guesses.waitMs(address);
	if (waitMs > 0)
		throw new HttpError(429, "rate_limited", "too many wrong keys came from this address; wait a second", {
			headers: { "retry-after": String(Math.ceil(waitMs / 1_000)) },
		});
	if (timingSafeEqual(createHash("sha256").update(key).digest(), adminDigest)) return;
	guesses.recordWrong(address);
	throw unauthenticated("this is not the key of the admin API");
}

function unauthenticated(message: string): HttpError {
	return new HttpError(401, "unauthenticated", message, { headers: { "www-authenticate": 'Bearer realm="spear admin"' } });
}
