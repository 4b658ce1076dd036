import { shareAcrossCopies } from "./shared-class.ts";

/** The way in which a run failed in the guest's own code. */
export type GuestFailure =
	/** The guest returned an error of its own, or exited with a status other than 0. */
	| "failed"
	/** The guest hit a WebAssembly trap: unreachable code, out of memory, stack exhausted. The instance is unusable. */
	| "trapped";

/**
 * A run that failed in the guest's own code. A hostcall's error that the guest passed on is a SpearError instead.
 *
 * `instanceof GuestError` accepts errors of other copies of this package.
 */
export class GuestError extends Error {
	static {
		shareAcrossCopies(GuestError, "GuestError");
	}

	override readonly name = "GuestError";
	readonly failure: GuestFailure;
	/** Last part of a trapped guest's standard error, which also ends `message`. Empty if the guest wrote none. */
	readonly stderr: string;

	constructor(failure: GuestFailure, message: string, more: { readonly stderr?: string; readonly cause?: unknown } = {}) {
		const { stderr = "", cause } = more;
		super(stderr === "" ? message : `${message}\n${stderr}`, cause === undefined ? undefined : { cause });
		this.failure = failure;
		this.stderr = stderr;
	}
}
