import type { MediaInfo } from "../../generated/ir/media.ts";
import type { GuestMediaCalls } from "../hostcall/scope.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import type { Calls } from "./calls.ts";

/** The media calls of a guest in a worker. The store is in the host's thread. */
export function remoteMedia(calls: Calls, blocking: BlockingCalls): GuestMediaCalls {
	let lastWriter = 0;
	return {
		put: (bytes, mimeType) => calls.ask<MediaInfo>({ name: "put", bytes, mimeType }),
		async get(reference, reserve) {
			if (reserve !== undefined) reserve((await calls.ask<MediaInfo>({ name: "stat", reference })).size);
			return calls.ask<Uint8Array>({ name: "get", reference });
		},
		stat: (reference) => calls.ask<MediaInfo>({ name: "stat", reference }),
		remove: (reference) => calls.ask<void>({ name: "remove", reference }),
		writer(mimeType) {
			const writer = lastWriter + 1;
			blocking.ask({ name: "writer", id: writer, mimeType });
			lastWriter = writer;
			return {
				write: (bytes) => calls.ask<void>({ name: "write", writer, bytes }),
				finish: () => calls.ask<MediaInfo>({ name: "finish", writer }),
				discard: () => calls.release("writer", writer),
			};
		},
		async reader(reference) {
			let reader = 0;
			await calls.ask<void>({ name: "reader", reference }, { onId: (id) => (reader = id) });
			let isOpen = true;
			return {
				read: (maxBytes) => calls.ask<Uint8Array | undefined>({ name: "read", reader, maxBytes }),
				[Symbol.dispose]() {
					if (isOpen) calls.release("reader", reader);
					isOpen = false;
				},
			};
		},
	};
}
