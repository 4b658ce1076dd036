import type { BackendMedia } from "../../generated/backends/backend.ts";
import type * as types from "../../generated/ir/types.ts";

/** The media of one request, from its validation to its end. Hides the place and the form of stored media. */
export interface RequestMedia extends BackendMedia {
	/**
	 * Admits a reference into the request. Inline bytes are stored, a stored object must be the guest's own, a URL must be allowed by
	 * host policy.
	 *
	 * @returns The reference that the request carries from here on: `stored` or `url`.
	 * @throws SpearError `invalid_request` or `not_permitted`, naming `path`.
	 */
	admit(reference: types.MediaRef, path: string): Promise<types.MediaRef>;

	/**
	 * Returns the length of an admitted recording, in seconds. `undefined` if the start of the recording does not contain its length. Reads
	 * only the start, follows no URL and never fails.
	 */
	seconds(reference: types.MediaRef): Promise<number | undefined>;

	/**
	 * Ends the request and removes its inline bytes.
	 *
	 * @param delivered With `nothing`, the guest received no result, and objects that a backend stored for the request are removed too.
	 */
	end(delivered: "results" | "nothing"): void;
}

/** The part of a request's media that normalizing uses. */
export type MediaAdmission = Pick<RequestMedia, "admit" | "seconds">;
