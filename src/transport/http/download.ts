import { isIP } from "node:net";
import { abortError } from "../../errors/spear-error.ts";
import { hostOf } from "../url-host.ts";
import { Watchdog } from "../watchdog.ts";
import { downloadRefused, downloadTimeout } from "./download-error.ts";
import { DownloadHop } from "./download-hop.ts";
import { DOWNLOAD_TIMEOUTS, type Download, type DownloadOptions } from "./download-options.ts";

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
			const address = hostOf(target);
			if (isIP(address) !== 0) options.guard.address(address, target); // An address is not resolved, so the connector would not check it first.
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
