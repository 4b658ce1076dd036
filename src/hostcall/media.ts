import type { Media } from "../../generated/hostcall/media.ts";
import type { GuestScope } from "./scope.ts";

/** The guest's media: handles over the media store, which holds every rule. */
export function createMedia({ media }: GuestScope): Media {
	return {
		put: (bytes, mimeType) => media.put(bytes, mimeType),
		get: (reference) => media.get(reference),
		stat: (reference) => media.stat(reference),
		remove: (reference) => media.remove(reference),
		writer: {
			open(mimeType) {
				const writer = media.writer(mimeType);
				return {
					async append(bytes) {
						await writer.write(bytes);
						detachBuffer(bytes);
					},
					finish: () => writer.finish(),
					[Symbol.dispose]: () => writer.discard(),
				};
			},
		},
		reader: { open: (reference) => media.reader(reference) },
	};
}

/**
 * Frees the memory that the guest's bytes were copied into for one call. Otherwise tens of megabytes pile up until a collection. Memory
 * that holds other bytes too is kept.
 */
function detachBuffer({ buffer, byteLength }: Uint8Array): void {
	if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
