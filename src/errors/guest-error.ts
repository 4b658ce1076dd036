/** How a guest's run failed by the guest's own doing. */
export type GuestFailure =
	/** It reported a failure of its own, or exited with a status other than 0. */
	| "failed"
	/** It hit a WebAssembly trap: unreachable code, out of memory, stack exhausted. The instance is unusable. */
	| "trapped";

/** A run that failed in the guest itself, not in a hostcall it passed on (that is a SpearError). */
export class GuestError extends Error {
	override readonly name = "GuestError";
	readonly failure: GuestFailure;
	/** The last of what a trapped guest wrote to standard error, which `message` ends with; empty when nothing. */
	readonly stderr: string;

	constructor(failure: GuestFailure, message: string, more: { readonly stderr?: string; readonly cause?: unknown } = {}) {
		const { stderr = "", cause } = more;
		super(stderr === "" ? message : `${message}\n${stderr}`, cause === undefined ? undefined : { cause });
		this.failure = failure;
		this.stderr = stderr;
	}
}
