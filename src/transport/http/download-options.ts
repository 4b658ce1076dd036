import type { Network } from "../network.ts";
import type { Resolve } from "./guarded-connector.ts";

/** Decides which URLs and addresses a download may use. Each function throws if its argument is not allowed. */
export interface DownloadGuard {
	/** Called for the URL itself and for every redirect. */
	url(url: URL): void;
	/** Called for every address that the host of `url` resolves to, and for the address of the connection. */
	address(address: string, url: URL): void;
}

/** Time limits of a download, in milliseconds. A call's own deadline applies in addition. */
export interface DownloadTimeouts {
	/** For the connection of each hop, including name resolution and TLS. */
	readonly connectTimeoutMs: number;
	/** From the connection to the headers, and again from those to the first chunk of the body. */
	readonly firstByteTimeoutMs: number;
	/** Between two chunks of the body, counted only while a reader waits for the next one. */
	readonly idleTimeoutMs: number;
	/** For the whole download. */
	readonly totalTimeoutMs: number;
}

/** A file server answers at once, so its limits are shorter than a backend's. The total leaves room for a large recording. */
export const DOWNLOAD_TIMEOUTS: DownloadTimeouts = {
	connectTimeoutMs: 10_000,
	firstByteTimeoutMs: 30_000,
	idleTimeoutMs: 30_000,
	totalTimeoutMs: 600_000,
};

export interface DownloadOptions {
	readonly guard: DownloadGuard;
	/** Largest body, in bytes. */
	readonly maxBytes: number;
	/** The default is {@link DOWNLOAD_TIMEOUTS}. */
	readonly timeouts?: Partial<DownloadTimeouts>;
	/** The default is the system's resolver. */
	readonly resolve?: Resolve;
	/** Proxies and certificate authorities. The default is direct connections. */
	readonly network?: Network;
}

/** A download whose body has not been read yet. Read the body to its end, or call `discard`. */
export interface Download {
	/** Content type as the server sent it. */
	readonly contentType: string | undefined;
	/** Length of the body in bytes. Absent if the server does not send it. */
	readonly size: number | undefined;
	/** The body in chunks, as it arrives. */
	readonly chunks: AsyncGenerator<Uint8Array, void, void>;
	/** Closes the connection. */
	readonly discard: () => void;
}
