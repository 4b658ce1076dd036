import { SpearError } from "../errors/spear-error.ts";
import type { BlobWriter } from "./blobs.ts";
import type { MediaObject } from "./media-object.ts";
import type { StoreWriter } from "./object-store.ts";
import { SNIFF_BYTES, sniffMediaType } from "./sniff.ts";

/** Content that was written completely. */
export interface WrittenContent {
	/** The finished temporary file. */
	readonly path: string;
	readonly sha256: string;
	readonly size: number;
	readonly mimeType: string;
}

/** The functions of the store that a writer uses. */
export interface WriterDeps {
	/** Most bytes of the object. */
	readonly maxBytes: number;
	/** Counts bytes against the guest's quota. Throws if they do not fit. */
	readonly reserve: (bytes: number) => void;
	readonly release: (bytes: number) => void;
	readonly create: () => Promise<BlobWriter>;
	/** True if the object outlives the host. */
	readonly durable: boolean;
	/** Adds the object to the store. */
	readonly add: (written: WrittenContent) => Promise<MediaObject>;
	readonly remove: (object: MediaObject) => Promise<void>;
	readonly inBackground: (task: Promise<void>) => void;
}

/**
 * Writes one object. Limits are checked and bytes are counted before they are written. A writer that ends without `finish` releases its
 * bytes and leaves no file. Calls may overlap; they take effect in order.
 */
export class ObjectWriter implements StoreWriter {
	readonly #mimeType: string | undefined;
	readonly #deps: WriterDeps;
	#file: BlobWriter | undefined;
	#head = new Uint8Array(0);
	#size = 0;
	/** The last step that was queued. */
	#lastStep: Promise<unknown> = Promise.resolve();
	/** Error of further calls. Set once the object is finished, abandoned or failed. */
	#ended: SpearError | undefined;
	/** Error of steps that are queued. Set once the object is abandoned or failed. */
	#failure: SpearError | undefined;
	#discarded = false;

	/** @param mimeType The default is detected from the first bytes. */
	constructor(mimeType: string | undefined, deps: WriterDeps) {
		this.#mimeType = mimeType;
		this.#deps = deps;
	}

	/**
	 * Resolves when the operating system has the bytes, which must not change until then.
	 *
	 * @throws SpearError `invalid_request` or `not_permitted` for bytes beyond a limit. The object stays as it was.
	 */
	async write(bytes: Uint8Array): Promise<void> {
		if (this.#ended !== undefined) throw this.#ended;
		if (bytes.byteLength === 0) return;
		const { maxBytes } = this.#deps;
		if (this.#size + bytes.byteLength > maxBytes) {
			throw new SpearError("invalid_request", `the object is larger than ${maxBytes} bytes, the host's limit for one object (max_bytes)`);
		}
		this.#deps.reserve(bytes.byteLength);
		this.#size += bytes.byteLength;
		if (this.#head.byteLength < SNIFF_BYTES) {
			this.#head = new Uint8Array(Buffer.concat([this.#head, bytes.subarray(0, SNIFF_BYTES - this.#head.byteLength)]));
		}
		await this.#queue(async () => {
			this.#file ??= await this.#deps.create();
			await this.#file.write(bytes);
		});
	}

	/** Ends the object and adds it to the store. No write may follow, even if this fails. */
	async finish(): Promise<MediaObject> {
		if (this.#ended !== undefined) throw this.#ended;
		this.#ended = new SpearError("invalid_request", "the object is finished; open a new writer");
		const object = await this.#queue(async () => {
			this.#file ??= await this.#deps.create();
			const sha256 = await this.#file.finish(this.#deps.durable);
			const mimeType = this.#mimeType ?? sniffMediaType(this.#head, this.#head.byteLength === this.#size);
			return this.#deps.add({ path: this.#file.path, sha256, size: this.#size, mimeType });
		});
		if (this.#discarded) await this.#deps.remove(object);
		return object;
	}

	/**
	 * Releases the bytes and removes the file in the background. An object that `finish` is adding is removed again. Has no effect after
	 * `finish` has resolved.
	 */
	discard(): void {
		this.#discarded = true;
		if (this.#ended === undefined) this.#abandon(new SpearError("invalid_request", "the writer was discarded; open a new writer"));
	}

	/** Runs a step after the steps before it. A step that fails ends the object. */
	#queue<T>(step: () => Promise<T>): Promise<T> {
		const result = this.#lastStep.then(async () => {
			try {
				if (this.#failure !== undefined) throw this.#failure;
				return await step();
			} catch (thrown) {
				const error = thrown instanceof SpearError ? thrown : storageFailure(thrown);
				this.#abandon(error);
				throw error;
			}
		});
		this.#lastStep = result.catch(() => {});
		return result;
	}

	#abandon(error: SpearError): void {
		if (this.#failure !== undefined) return;
		this.#failure = error;
		this.#ended = error;
		this.#deps.release(this.#size);
		this.#deps.inBackground(this.#lastStep.then(() => this.#file?.discard()));
	}
}

function storageFailure(cause: unknown): SpearError {
	return new SpearError("internal", "the host could not store the object; its log has the details", { cause });
}
