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
	/** Hosts whose URLs guests may use, as `new URL` spells them. `*.` before a name stands for every host below the name. */
	readonly allowedHosts: readonly string[];
	/** True if an allowed host may be, or may resolve to, a private, loopback or link-local address. */
	readonly allowPrivateAddresses: boolean;
}
