import { SpearError } from "../errors/spear-error.ts";

/** What nothing better is known of. */
export const OCTETS = "application/octet-stream";

/** `type/subtype`, and parameters whose values are tokens. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(?:\s*;\s*[a-z0-9!#$&^_.+-]+=[a-z0-9!#$&^_.+-]+)*$/i;

export function isMediaType(text: string): boolean {
	return text.length <= 127 && MEDIA_TYPE.test(text);
}

/** A media type that a guest gave, if it gave one; `path` names it. */
export function checkedMediaType(given: string | undefined, path: string): string | undefined {
	if (given === undefined || isMediaType(given)) return given;
	throw new SpearError("invalid_request", `${path}: it is not a media type such as image/png`);
}
