import { StoreError } from "../../cluster/store-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { MissingContent } from "./contents/content-store.ts";

/** Returns the error for a guest. The cause is for the log of the host. */
export function storageFailure(cause: unknown): SpearError {
	if (cause instanceof SpearError) return cause;
	if (cause instanceof MissingContent) {
		return new SpearError(
			"internal",
			"the content of a stored object is missing or shorter than when it was stored; put the object again",
			{ cause },
		);
	}
	if (!(cause instanceof StoreError)) {
		return new SpearError("internal", "the hosts' shared media cannot be used now; the log of the host has the details", {
			cause,
			retryable: true,
		});
	}
	switch (cause.reason) {
		case "closed":
			return new SpearError("cancelled", "the host is closed", { cause });
		case "unreachable":
			return new SpearError("internal", "the store that the hosts share does not answer, so media cannot be used now; try again later", {
				cause,
				retryable: true,
			});
		case "full":
			return new SpearError("internal", "the store that the hosts share is full or overloaded; remove media objects, or try again later", {
				cause,
				retryable: true,
			});
		case "denied":
		case "invalid_value":
			return new SpearError("internal", "the store that the hosts share refuses the host, or holds a value that the host cannot use", {
				cause,
			});
	}
}

/** The error for an object whose writer was taken for dead, because the store heard nothing of it for too long. */
export function lostWriter(): SpearError {
	return new SpearError("internal", "the object was given up, because the shared store could not be reached for too long; put it again", {
		retryable: true,
	});
}
