import { shareAcrossCopies } from "./shared-class.ts";

/** The way in which a run failed in the guest's own code. */
export type GuestFailure =
	/** The guest returned an error of its own, or exited with a status other than 0. */
	| "failed"
	/** The guest hit a WebAssembly trap: unreachable code, out of memory, stack exhausted. The instance is unusable. */
	| "trapped"
	/**
	 * The guest used its CPU budget, or computed for too long where it cannot be suspended. The instance is unusable. A guest that reaches the
	 * deadline of the run is a SpearError `timeout` instead.
	 */
	| "over_budget";

/** Parts of a failure that some guests send. */
export interface GuestErrorDetails {
	readonly stderr?: string;
	readonly guestStack?: string;
	readonly exitStatus?: number;
	readonly cause?: unknown;
}

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
	/**
	 * Stack of the guest's exception, in its author's code if the guest was built with a source map: one frame a line, e.g.
	 * `    at handler (src/agent.ts:12:7)`. Empty if the guest sent none.
	 */
	readonly guestStack: string;
	/** Status that the guest exited with: a whole number from 1. Absent if the guest did not exit. */
	readonly exitStatus?: number;

	constructor(failure: GuestFailure, message: string, more: GuestErrorDetails = {}) {
		const { stderr = "", guestStack = "", exitStatus, cause } = more;
		super(stderr === "" ? message : `${message}\n${stderr}`, cause === undefined ? undefined : { cause });
		this.failure = failure;
		this.stderr = stderr;
		this.guestStack = guestStack;
		if (exitStatus !== undefined) this.exitStatus = exitStatus;
	}
}
