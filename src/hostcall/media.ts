import type { Media } from "../../generated/hostcall/media.ts";
import { Charge } from "../memory/charge.ts";
import type { HostMemory } from "../memory/memory-kinds.ts";
import type { GuestScope } from "./scope.ts";

/** Most bytes that a reader holds: those of its largest read. */
const MAX_READ_BYTES = 1024 * 1024;

/** The guest's media: handles over the media store, which holds every rule. Bytes on their way are charged to the guest's account. */
export function createMedia({ media, memory }: Pick<GuestScope, "media" | "memory">): Media {
	return {
		put: (bytes, mimeType) => whileCharged(memory, bytes.byteLength, () => media.put(bytes, mimeType)),
		async get(reference) {
			const charge = new Charge(memory, "media");
			memory.taken();
			try {
				const bytes = await media.get(reference, (size) => charge.add(size));
				memory.deliver(bytes.byteLength);
				return bytes;
			} finally {
				charge.close();
			}
		},
		stat: (reference) => media.stat(reference),
		remove: (reference) => media.remove(reference),
		writer: {
			open(mimeType) {
				const writer = media.writer(mimeType);
				return {
					async append(bytes) {
						await whileCharged(memory, bytes.byteLength, () => writer.write(bytes));
						detachBuffer(bytes);
					},
					finish: () => writer.finish(),
					[Symbol.dispose]: () => writer.discard(),
				};
			},
		},
		reader: {
			async open(reference) {
				const reader = await media.reader(reference);
				const buffer = new Charge(memory, "media");
				return {
					async read(maxBytes) {
						const wanted = Math.min(maxBytes, MAX_READ_BYTES);
						const before = buffer.bytes;
						if (wanted > before) buffer.add(wanted - before);
						let held = before;
						try {
							const bytes = await reader.read(maxBytes);
							held = Math.max(before, bytes?.byteLength ?? 0);
							return bytes;
						} finally {
							buffer.release(Math.max(0, buffer.bytes - held));
						}
					},
					[Symbol.dispose]() {
						buffer.close();
						reader[Symbol.dispose]();
					},
				};
			},
		},
	};
}

/** Charges bytes until `run` has ended, however it ends. */
async function whileCharged<T>(memory: HostMemory, bytes: number, run: () => Promise<T>): Promise<T> {
	memory.charge("media", bytes);
	try {
		return await run();
	} finally {
		memory.release("media", bytes);
	}
}

/**
 * Frees the memory that the guest's bytes were copied into for one call. Otherwise tens of megabytes pile up until a collection. Memory
 * that holds other bytes too is kept.
 */
function detachBuffer({ buffer, byteLength }: Uint8Array): void {
	if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength) buffer.transfer(0);
}
