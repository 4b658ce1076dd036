import { createHash } from "node:crypto";
import type { MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { wavFacts } from "../../src/formats/wav.ts";
import type { RequestMedia } from "../../src/normalize/request-media.ts";

export interface MemoryObject {
	readonly bytes: Uint8Array;
	readonly mimeType: string;
}

export interface MemoryMedia extends RequestMedia {
	/** Contents in the order in which they were stored: by id (`clip` for `sms+file://clip`), or by the whole URL. */
	readonly stored: Map<string, MemoryObject>;
}

const SCHEME = "sms+file://";

/**
 * Creates media of a guest in memory, for tests in which the store is not the subject. The ids of objects that are stored later are `m1`,
 * `m2`, … The default media type of stored bytes is `application/octet-stream`.
 *
 * @param initial Contents by id, or by URL for 'url' references.
 */
export function memoryMedia(initial: Readonly<Record<string, MemoryObject>> = {}): MemoryMedia {
	const stored = new Map(Object.entries(initial));
	let made = 0;
	const find = (reference: types.MediaRef): MemoryObject => {
		if (reference.type === "inline") return { bytes: reference.inline.data, mimeType: reference.inline.mime_type };
		const object = stored.get(reference.type === "url" ? reference.url : reference.stored.slice(SCHEME.length));
		if (object === undefined) throw new SpearError("not_permitted", "no such media object");
		return object;
	};
	const put = (bytes: Uint8Array, mimeType: string): types.MediaRef => {
		made += 1;
		stored.set(`m${made}`, { bytes, mimeType });
		return { type: "stored", stored: `${SCHEME}m${made}` };
	};
	const media: MemoryMedia = {
		stored,
		end: () => {},
		async admit(reference) {
			if (reference.type === "inline") return put(reference.inline.data, reference.inline.mime_type);
			if (reference.type === "stored") find(reference);
			return reference;
		},
		async seconds(reference) {
			const { bytes } = find(reference);
			const facts = wavFacts(bytes, bytes.byteLength);
			return typeof facts === "object" ? facts.seconds : undefined;
		},
		async open(reference) {
			return contentOf(find(reference));
		},
		async store(content, mimeType = "application/octet-stream") {
			const pieces: Uint8Array[] = [];
			for await (const object of content) pieces.push(Uint8Array.from(object));
			const bytes = new Uint8Array(Buffer.concat(pieces));
			return described(put(bytes, mimeType), bytes, mimeType);
		},
	};
	return media;
}

function contentOf({ bytes, mimeType }: MemoryObject): MediaContent {
	return {
		mimeType,
		size: bytes.byteLength,
		async *stream() {
			yield bytes;
		},
		async bytes(maxBytes) {
			if (bytes.byteLength > maxBytes) throw new SpearError("invalid_request", `${bytes.byteLength} bytes, at most ${maxBytes} fit here`);
			return bytes;
		},
	};
}

function described(reference: types.MediaRef, bytes: Uint8Array, mimeType: string): StoredMedia {
	return { reference, size: bytes.byteLength, mimeType, sha256: createHash("sha256").update(bytes).digest("hex") };
}
