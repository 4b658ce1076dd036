/** The users of the example: tokens and names in the variable `APP_USERS`, such as `{"a long token":"ada"}`. Put your sessions in this place. */
import { createHash } from "node:crypto";

const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Names by the digests of tokens, so that the time of a comparison tells nothing about a token. */
const USERS = new Map(Object.entries(JSON.parse(process.env.APP_USERS ?? "{}")).map(([token, name]) => [digestOf(token), String(name)]));

/** Returns the name of the user with a header `authorization`, or `undefined`. */
export function userOf(authorization: string | null | undefined): string | undefined {
	const [scheme, token] = authorization?.split(" ") ?? [];
	return scheme === "Bearer" && token !== undefined ? USERS.get(digestOf(token)) : undefined;
}
