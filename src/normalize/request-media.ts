import type * as types from "../../generated/ir/types.ts";

/** What normalize needs to know of a guest's media: nothing of where or how they are kept. */
export interface RequestMedia {
	/**
	 * Lets a reference into a request, or throws `invalid_request` or `not_permitted` naming `path`. Inline bytes are put into the
	 * store, a stored piece must be the guest's own, a URL must be one that host policy allows.
	 *
	 * @returns The reference the request carries from here on: `stored` or `url`.
	 */
	admit(reference: types.MediaRef, path: string): Promise<types.MediaRef>;

	/**
	 * Length in seconds of a recording that was let in, when a look at its beginning tells. Reads no more than that, follows no URL
	 * and never fails.
	 */
	seconds(reference: types.MediaRef): Promise<number | undefined>;
}
