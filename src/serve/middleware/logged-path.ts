import { guestName } from "../../errors/guest-name.ts";

/** Path of an image's URL, which opens the image without a key. */
const IMAGE_PATH = /^\/v1\/images\/files\//;

/** Returns the path of a request as logs show it: without secrets and control characters. */
export function loggedPath(path: string): string {
	const [secret] = IMAGE_PATH.exec(path) ?? [];
	return guestName(secret === undefined ? path : `${secret}…`);
}
