/** How a guest's run failed by the guest's own doing. */
export type GuestFailure =
	/** It reported a failure of its own. */
	| "failed"
	/** It hit a WebAssembly trap: unreachable code, out of memory, stack exhausted. The instance is unusable. */
	| "trapped"
	/** It ended itself through `wasi:cli/exit`. */
	| "exited";

/** A run that failed in the guest itself, not in a hostcall it passed on (that is a SpearError). */
export class GuestError extends Error {
	override readonly name = "GuestError";
	readonly failure: GuestFailure;

	constructor(failure: GuestFailure, message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.failure = failure;
	}
}
