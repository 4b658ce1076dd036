/** Exit codes of the command. A guest that exits with a status other than 0 gives `spear run` that status, up to 255. */
export const EXIT = {
	ok: 0,
	/** The guest failed, or a hostcall whose error the guest returned. Also a request of `spear explain` that finds no backend, and a model that is broken or cannot be pulled. */
	failed: 1,
	/** Wrong arguments, an unusable configuration or component. */
	usage: 2,
	/** Interrupted by SIGINT or SIGTERM: 128 plus the number of SIGINT, as shells do. */
	interrupted: 130,
} as const;
