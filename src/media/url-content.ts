import type { MediaContent } from "../../generated/backends/backend.ts";
import { isMediaType, OCTETS } from "../formats/media-type.ts";
import { download } from "../transport/http/download.ts";
import type { Download } from "../transport/http/download-options.ts";
import type { Resolve } from "../transport/http/guarded-connector.ts";
import type { Network } from "../transport/network.ts";
import { readAll } from "./content.ts";
import { SNIFF_BYTES, sniffMediaType } from "./sniff.ts";
import type { UrlPolicy } from "./url-policy.ts";

export interface UrlContentOptions {
	readonly policy: UrlPolicy;
	/** Most bytes that are fetched. */
	readonly maxBytes: number;
	/** Resolves host names. The default is the system's resolver. */
	readonly resolve?: Resolve;
	/** Proxies and certificate authorities. The default is direct connections. */
	readonly network?: Network;
}

/**
 * Fetches the content of a URL. The content can be read once. The caller has to read it to its end, or to abort `signal`; otherwise the
 * connection stays open.
 *
 * @param path Name of the reference, for errors.
 * @throws SpearError `invalid_request` or `not_permitted` for a URL, a redirect or an address that `policy` refuses.
 */
export async function openUrl(text: string, path: string, options: UrlContentOptions, signal: AbortSignal): Promise<MediaContent> {
	const { policy, maxBytes, resolve, network } = options;
	const fetched = await download(
		policy.admit(text, path),
		{
			guard: { url: (url) => policy.check(url, path), address: (address, url) => policy.checkAddress(address, url, path) },
			maxBytes,
			...(resolve === undefined ? {} : { resolve }),
			...(network === undefined ? {} : { network }),
		},
		signal,
	);
	const { size } = fetched;
	const { mimeType, chunks } = await withType(fetched);
	return {
		mimeType,
		size,
		stream: () => chunks,
		async bytes(atMost) {
			try {
				return await readAll(chunks, size, atMost);
			} finally {
				fetched.discard();
			}
		},
	};
}

/** Adds the media type: that of the server, or that of the first bytes if the server sends none, a malformed or an unspecific one. */
async function withType({ contentType, chunks }: Download): Promise<{ mimeType: string; chunks: AsyncGenerator<Uint8Array, void, void> }> {
	if (contentType !== undefined && isMediaType(contentType) && contentType !== OCTETS) return { mimeType: contentType, chunks };
	const first = await chunks.next();
	if (first.done === true) return { mimeType: OCTETS, chunks };
	const mimeType = sniffMediaType(first.value.subarray(0, SNIFF_BYTES), false);
	return { mimeType, chunks: withFirst(first.value, chunks) };
}

async function* withFirst(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void, void>): AsyncGenerator<Uint8Array, void, void> {
	try {
		yield first;
		yield* rest;
	} finally {
		await rest.return();
	}
}
