/** Ends a run by an exception through the guest's frames, because WASI's `exit` does not return. */
export class GuestExit extends Error {
	override readonly name = "GuestExit";
	/** 0 is success. */
	readonly status: number;

	constructor(status: number) {
		super(`the guest exited with status ${status}`);
		this.status = status;
	}
}
