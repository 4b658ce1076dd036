import type { Media } from "../../generated/hostcall/media.ts";
import type { GuestScope } from "./scope.ts";

/** The guest's own media. What is said of them, and what is refused, is the store's to know; here are only the handles. */
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
 * Gives memory back at once that the guest's bytes were copied into for one call: otherwise tens of megabytes pile up until they are
 * collected. Memory that holds more than these bytes is left alone.
 */
function detachBuffer({ buffer, byteLength }: Uint8Array): void {
	if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
