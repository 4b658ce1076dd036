import type * as types from "../../../../generated/ir/types.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { RawJson } from "../../../transport/http/raw-json.ts";

/** Returns the kind of an opaque part with a block of this type. */
export function blockKind(type: string): string {
	return `content.${type}`;
}

/**
 * Returns the block in an opaque part, for its provider. `undefined` for a type that the ABI has parts for. Otherwise a guest could send media
 * past the rules for media.
 *
 * @param path Names the part in errors.
 * @param typeOf Returns the type of a block. `undefined` for a value that is no block.
 * @param own Types that the ABI has parts for.
 * @throws SpearError `invalid_request` for a part that the provider cannot have sent.
 */
export function returnedBlock(
	part: types.OpaquePart,
	path: string,
	{ typeOf, own }: { readonly typeOf: (block: unknown) => string | undefined; readonly own: ReadonlySet<string> },
): RawJson | undefined {
	const raw = RawJson.from(part.data);
	if (raw === undefined) throw new SpearError("invalid_request", `${path}.data: it is not JSON; return a part as it was received`);
	const type = typeOf(raw.value);
	if (type === undefined || blockKind(type) !== part.kind)
		throw new SpearError("invalid_request", `${path}.kind: "${guestName(part.kind)}" is not a part of this backend's messages`);
	return own.has(type) ? undefined : raw;
}
