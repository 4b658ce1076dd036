import type { MediaInfo } from "../../../generated/ir/media.ts";
import type { MediaRef } from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { GuestMediaCalls } from "../../hostcall/scope.ts";
import { require } from "./violation.ts";

type Writer = ReturnType<GuestMediaCalls["writer"]>;
type Reader = Awaited<ReturnType<GuestMediaCalls["reader"]>>;

/** An open reader or writer, whose calls run one after the other. */
interface Handle<T> {
	readonly object: T;
	last: Promise<unknown>;
}

/** Readers and writers that a guest in a worker has open, by the ids that the worker has given them. */
export class HostMedia {
	readonly #media: GuestMediaCalls;
	readonly #readers = new Map<number, Handle<Reader>>();
	readonly #writers = new Map<number, Handle<Writer>>();
	#lastWriter = 0;
	#closed = false;

	constructor(media: GuestMediaCalls) {
		this.#media = media;
	}

	/** @throws SpearError as the store refuses it; Violation for an id that is not the next. */
	openWriter(id: number, mimeType: string | undefined): void {
		require(id === this.#lastWriter + 1, "a writer has an id that is not the next");
		this.#writers.set(id, handle(this.#media.writer(mimeType)));
		this.#lastWriter = id;
	}

	async openReader(id: number, reference: MediaRef): Promise<void> {
		const reader = await this.#media.reader(reference);
		this.#readers.set(id, handle(reader));
		if (this.#closed) this.release("reader", id);
	}

	write(id: number, bytes: Uint8Array): Promise<void> {
		return inTurn(this.#writers.get(id), (writer) => writer.write(bytes));
	}

	finish(id: number): Promise<MediaInfo> {
		return inTurn(this.#writers.get(id), (writer) => writer.finish());
	}

	read(id: number, maxBytes: number): Promise<Uint8Array | undefined> {
		// The buffer of a reader is used again by the next read.
		return inTurn(this.#readers.get(id), async (reader) => (await reader.read(maxBytes))?.slice());
	}

	/** Releases a handle. Has no effect for one that is not open. */
	release(kind: "reader" | "writer", id: number): void {
		if (kind === "writer") this.#writers.get(id)?.object.discard();
		else this.#readers.get(id)?.object[Symbol.dispose]();
		(kind === "writer" ? this.#writers : this.#readers).delete(id);
	}

	/** Releases every handle, and those that are being opened. */
	close(): void {
		this.#closed = true;
		for (const id of this.#writers.keys()) this.release("writer", id);
		for (const id of this.#readers.keys()) this.release("reader", id);
	}
}

function handle<T>(object: T): Handle<T> {
	return { object, last: Promise.resolve() };
}

function inTurn<T, R>(open: Handle<T> | undefined, run: (object: T) => Promise<R>): Promise<R> {
	if (open === undefined) return Promise.reject(new SpearError("invalid_request", "the media handle is not open"));
	const result = open.last.then(() => run(open.object));
	open.last = result.catch(() => {});
	return result;
}
