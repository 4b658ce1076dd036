/** What the operator says about media, with every default filled in. */
export interface MediaSettings {
	/** Where media are kept; `undefined` for a directory of the host's own that goes when the host closes. */
	readonly dir: string | undefined;
	/** Bytes of the largest single piece. */
	readonly maxBytes: number;
	/** Bytes of all pieces of one guest together, those being written included. */
	readonly quotaBytes: number;
	/** Bytes of the largest piece that one call gives whole, and that a request may carry inline. */
	readonly maxCallBytes: number;
	/** Seconds after which a piece goes. */
	readonly expiresAfterS: number;
	/** Hosts whose URLs guests may refer to, as `new URL` spells them, or `*.` and such a name for every host below it. */
	readonly allowedHosts: readonly string[];
	/** Whether an allowed host may be, or resolve to, a private, loopback or link-local address. */
	readonly allowPrivateAddresses: boolean;
}
