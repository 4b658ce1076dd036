/** A bucket of a server that speaks the protocol of S3. */
export interface S3Settings {
	/** `http` or `https` URL, without a path, user and query. */
	readonly endpoint: URL;
	readonly bucket: string;
	readonly region: string;
	/** Beginning of every key, without `/` at its end. */
	readonly prefix: string;
	/** True to address the bucket by the path, false to address the bucket by the name of the server. */
	readonly pathStyle: boolean;
}

export interface S3Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
}
