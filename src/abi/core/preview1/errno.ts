/** Errors of WASI preview 1. The numbers are those of WASI, and not those of the hostcalls of `spear`. */
export const ERRNO = {
	success: 0,
	/** The descriptor is not open, or does not allow the operation. */
	badf: 8,
	/** A pointer leads outside the memory. */
	fault: 21,
	inval: 28,
	io: 29,
	/** The host does not offer the function. */
	nosys: 52,
	notdir: 54,
	notsock: 57,
	notsup: 58,
	/** The descriptor is a stream, which has no positions. */
	spipe: 70,
} as const;

export type WasiErrno = (typeof ERRNO)[keyof typeof ERRNO];
