import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { MultipartFile } from "../../../../transport/http/multipart.ts";

/** File extensions that differ from the subtype. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	["jpeg", "jpg"],
	["svg+xml", "svg"],
]);

/**
 * Returns an image as the part `name` of a form. `path` names the reference in errors.
 *
 * @throws SpearError `invalid_request` for a media type other than an image's; the error of a reference that cannot be opened.
 */
export async function imageFile(
	reference: types.MediaRef,
	name: string,
	path: string,
	{ media, signal }: BackendContext,
): Promise<MultipartFile> {
	const content = await media.open(reference, signal);
	const [, subtype] = /^image\/([a-z0-9.+-]+)/i.exec(content.mimeType) ?? [];
	if (subtype === undefined) throw new SpearError("invalid_request", `${path}: it is ${guestName(content.mimeType)}, not an image`);
	const extension = EXTENSIONS.get(subtype) ?? subtype;
	return {
		name,
		filename: `${name.replace("[]", "")}.${extension}`,
		contentType: content.mimeType,
		size: content.size,
		content: () => content.stream(),
	};
}
