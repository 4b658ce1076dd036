import { isIP } from "node:net";
import { abortError } from "../../errors/spear-error.ts";
import { Watchdog } from "../watchdog.ts";
import { downloadRefused, downloadTimeout } from "./download-error.ts";
import { DownloadHop } from "./download-hop.ts";
import type { Resolve } from "./guarded-connector.ts";

/** Decides which URLs and addresses a download may use. Each function throws if its argument is not allowed. */
export interface DownloadGuard {
	/** Called for the URL itself and for every redirect. */
	url(url: URL): void;
	/** Called for every address that a host resolves to, and for the address of the connection. */
	address(address: string): void;
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

/** Most redirects of one download. Storage services use one or two. */
const MAX_REDIRECTS = 3;

/**
 * Downloads a file that a guest refers to, from a server that nothing is known about. Each hop has a connection of its own, to an
 * address that was checked. Sends no credentials and no cookies.
 *
 * @throws SpearError `timeout`, `rate_limited`, `backend_error` or `invalid_request`, attributed to the request; what the guard throws.
 */
export async function download(url: URL, options: DownloadOptions, signal: AbortSignal): Promise<Download> {
	if (signal.aborted) throw abortError(signal);
	const timeouts = { ...DOWNLOAD_TIMEOUTS, ...options.timeouts };
	const abort = new AbortController();
	const onAbort = (): void => abort.abort(abortError(signal));
	signal.addEventListener("abort", onAbort, { once: true });
	const total = new Watchdog((error) => abort.abort(error));
	total.watch(timeouts.totalTimeoutMs, () => downloadTimeout(`was not complete within ${timeouts.totalTimeoutMs} ms`));
	const end = (): void => {
		total.stop();
		signal.removeEventListener("abort", onAbort);
	};
	try {
		let target = url;
		for (let redirects = 0; ; redirects++) {
			options.guard.url(target);
			const address = target.hostname.replace(/^\[(.*)\]$/, "$1");
			if (isIP(address) !== 0) options.guard.address(address); // An address is not resolved, so the connector would not check it first.
			const hop = new DownloadHop(target, { ...options, timeouts, signal: abort.signal });
			const next = await hop.start();
			if (next === undefined) return hop.body(end);
			if (redirects === MAX_REDIRECTS) throw downloadRefused(target, `redirects more than ${MAX_REDIRECTS} times`);
			target = next;
		}
	} catch (thrown) {
		end();
		throw thrown;
	}
}
