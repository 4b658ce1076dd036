import { createHash, timingSafeEqual } from "node:crypto";
import type { Serving } from "../../host/serving.ts";
import { presentedKey } from "../clients/clients.ts";
import { HttpError } from "../http-error.ts";

/**
 * Checks the key of the admin API. The comparison takes the same time for every key.
 *
 * @throws HttpError 404 without an admin API, as for a path that does not exist; 401 for a missing or wrong key.
 */
export function checkAdminKey({ method, url, headers }: Request, { adminDigest }: Pick<Serving, "adminDigest">): void {
	if (adminDigest === undefined)
		throw new HttpError(
			404,
			"not_found",
			`there is no ${method} ${URL.parse(url)?.pathname ?? ""}: the admin API is off; set admin_key_env in [server] of spear.toml`,
		);
	const key = presentedKey(headers);
	if (key !== undefined && timingSafeEqual(createHash("sha256").update(key).digest(), adminDigest)) return;
	const message =
		key === undefined ? "send the key of the admin API as `Authorization: Bearer KEY`" : "this is not the key of the admin API";
	throw new HttpError(401, "unauthenticated", message, { headers: { "www-authenticate": 'Bearer realm="spear admin"' } });
}
