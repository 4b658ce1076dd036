import { createHash } from "node:crypto";
import type { BackendMedia, MediaContent } from "../../../generated/backends/backend.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { MediaBytes } from "./fixture.ts";

/** Media of a guest in memory. */
export interface CaseMedia extends BackendMedia {
	/** Objects that the backend stored, in order. */
	readonly stored: readonly MediaBytes[];
}

/** @param objects Contents by reference: `sms+file://<name>` or a URL. */
export function caseMedia(objects: Readonly<Record<string, MediaBytes>> = {}): CaseMedia {
	const stored: MediaBytes[] = [];
	const find = (reference: types.MediaRef): MediaBytes => {
		if (reference.type === "inline") return { bytes: reference.inline.data, mimeType: reference.inline.mime_type };
		const object = objects[reference.type === "url" ? reference.url : reference.stored];
		if (object === undefined) throw new SpearError("not_permitted", "no such media object");
		return object;
	};
	return {
		stored,
		async open(reference) {
			return contentOf(find(reference));
		},
		async store(content, mimeType = "application/octet-stream") {
			const chunks: Uint8Array[] = [];
			for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
			const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
			stored.push({ bytes, mimeType });
			return {
				reference: { type: "stored", stored: `sms+file://stored-${stored.length}` },
				size: bytes.byteLength,
				mimeType,
				sha256: createHash("sha256").update(bytes).digest("hex"),
			};
		},
	};
}

function contentOf({ bytes, mimeType }: MediaBytes): MediaContent {
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
