/** Address and access of a server that speaks the protocol of Redis. */
export interface RedisSettings {
	/** `redis://host:port/database`, or `rediss://` for TLS. Without user and password. With sentinels, only the database and the protocol count. */
	readonly url: string;
	/** Addresses of sentinels as `host:port`, and the name of the server that they watch. Absent: `url` is the server. */
	readonly sentinels: { readonly addresses: readonly string[]; readonly name: string } | undefined;
	readonly user: string | undefined;
	readonly password: string | undefined;
	/** Certificates of authorities in PEM, for TLS. Absent: those of Node. */
	readonly ca: string | undefined;
	/** Longest duration of a call, in milliseconds. */
	readonly timeoutMs: number;
}
