/** What the process ends with. */
export const EXIT = {
	ok: 0,
	/** The guest, or a hostcall it passed on, failed. */
	failed: 1,
	/** Wrong arguments, an unusable configuration or component. */
	usage: 2,
	/** Interrupted by SIGINT or SIGTERM. */
	interrupted: 130,
} as const;
