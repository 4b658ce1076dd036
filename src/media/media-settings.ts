/** The `[media]` table with every default filled in. */
export interface MediaSettings {
	/** Directory of the store. Absent for a temporary directory, removed when the host closes. */
	readonly dir: string | undefined;
	/** Most bytes of one object. */
	readonly maxBytes: number;
	/** Most bytes of all objects of one guest, including those being written. */
	readonly quotaBytes: number;
	/** Most bytes that one call returns, and that a request carries inline. */
	readonly maxCallBytes: number;
	/** Lifetime of an object, in seconds. */
	readonly expiresAfterS: number;
	/**
	 * Hosts whose URLs guests may use, as `new URL` spells them. `*.` before a name stands for every host below the name. `:8443` after it
	 * stands for that port, `:*` for every port. Without a port, ports 80 and 443 are meant.
	 */
	readonly allowedHosts: readonly string[];
	/** True if an allowed host may be, or may resolve to, a private or loopback address. Link-local addresses are also named one by one. */
	readonly allowPrivateAddresses: boolean;
}
