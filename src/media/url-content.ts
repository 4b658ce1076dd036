import type { MediaContent } from "../../generated/backends/backend.ts";
import { isMediaType, OCTETS } from "../formats/media-type.ts";
import { download } from "../transport/http/download.ts";
import type { Download } from "../transport/http/download-options.ts";
import type { Resolve } from "../transport/http/guarded-connector.ts";
import { gather } from "./content.ts";
import { SNIFF_BYTES, sniffMediaType } from "./sniff.ts";
import type { UrlPolicy } from "./url-policy.ts";

export interface UrlContentOptions {
	readonly policy: UrlPolicy;
	readonly maxBytes: number;
	/** By the system's resolver when absent. */
	readonly resolve?: Resolve;
}

/** Content behind a URL: fetched by the host, read once. It has to be read to its end, or its signal aborted. */
export async function openUrl(text: string, path: string, options: UrlContentOptions, signal: AbortSignal): Promise<MediaContent> {
	const { policy, maxBytes, resolve } = options;
	const fetched = await download(
		policy.admit(text, path),
		{
			guard: { url: (url) => policy.check(url, path), address: (address) => policy.checkAddress(address, path) },
			maxBytes,
			...(resolve === undefined ? {} : { resolve }),
		},
		signal,
	);
	const { size } = fetched;
	const { mimeType, pieces } = await typed(fetched);
	return {
		mimeType,
		size,
		stream: () => pieces,
		async bytes(atMost) {
			try {
				return await gather(pieces, size, atMost);
			} finally {
				fetched.discard();
			}
		},
	};
}

/** The media type that the server says, or that the first bytes tell when it says none worth the name. */
async function typed({
	contentType,
	chunks: pieces,
}: Download): Promise<{ mimeType: string; pieces: AsyncGenerator<Uint8Array, void, void> }> {
	if (contentType !== undefined && isMediaType(contentType) && contentType !== OCTETS) return { mimeType: contentType, pieces };
	const first = await pieces.next();
	if (first.done === true) return { mimeType: OCTETS, pieces };
	const mimeType = sniffMediaType(first.value.subarray(0, SNIFF_BYTES), false);
	return { mimeType, pieces: withFirst(first.value, pieces) };
}

async function* withFirst(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void, void>): AsyncGenerator<Uint8Array, void, void> {
	try {
		yield first;
		yield* rest;
	} finally {
		await rest.return();
	}
}
