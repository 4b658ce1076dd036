import { SpearError } from "../errors/spear-error.ts";
import { isMediaType } from "../formats/media-type.ts";

/**
 * Returns the media type that a guest declared, if any.
 *
 * @param path Name of the argument, for the error.
 * @throws SpearError `invalid_request` for a malformed type.
 */
export function checkedMediaType(declared: string | undefined, path: string): string | undefined {
	if (declared === undefined || isMediaType(declared)) return declared;
	throw new SpearError("invalid_request", `${path}: is not a media type such as image/png`);
}
