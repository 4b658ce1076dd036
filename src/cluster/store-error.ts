/**
 * Reason of a failure of the shared store.
 *
 * | reason | meaning |
 * | --- | --- |
 * | `unreachable` | no connection, no answer in time, or a server that does not serve now |
 * | `full` | the server has no memory left for the write, or too many calls wait |
 * | `denied` | the server refuses the user, the password or the command |
 * | `invalid_value` | a key holds something that this version did not write: another type, too many bytes, another form |
 * | `closed` | the store was closed |
 */
export type StoreFailure = "unreachable" | "full" | "denied" | "invalid_value" | "closed";

/** A failure of the shared store. Never reaches a guest: each user of the store has a policy for it. */
export class StoreError extends Error {
	override readonly name = "StoreError";
	readonly reason: StoreFailure;
	/** True if the server may have carried out the call all the same. */
	readonly mayHaveRun: boolean;

	constructor(reason: StoreFailure, message: string, options: { readonly cause?: unknown; readonly mayHaveRun?: boolean } = {}) {
		super(message, { cause: options.cause });
		this.reason = reason;
		this.mayHaveRun = options.mayHaveRun ?? false;
	}
}
