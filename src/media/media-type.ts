import { SpearError } from "../errors/spear-error.ts";
import { isMediaType } from "../formats/media-type.ts";

/**
 * Returns the media type that a guest gave, or `undefined` if it gave none.
 *
 * @param path Names the argument in the error.
 * @throws SpearError `invalid_request` if it is not a media type.
 */
export function checkedMediaType(given: string | undefined, path: string): string | undefined {
	if (given === undefined || isMediaType(given)) return given;
	throw new SpearError("invalid_request", `${path}: it is not a media type such as image/png`);
}
