import { SpearError } from "../errors/spear-error.ts";
import type { BlobWriter } from "./blobs.ts";
import type { MediaObject } from "./media-object.ts";
import { SNIFF_BYTES, sniffMediaType } from "./sniff.ts";

/** What is known of content that was written. */
export interface WrittenContent {
	/** The finished temporary file. */
	readonly path: string;
	readonly sha256: string;
	readonly size: number;
	readonly mimeType: string;
}

/** What a writer needs of the store. */
export interface WriterDeps {
	readonly maxBytes: number;
	/** Counts bytes against the guest's quota, or refuses. */
	readonly reserve: (bytes: number) => void;
	readonly release: (bytes: number) => void;
	readonly create: () => Promise<BlobWriter>;
	/** Whether the object outlives the host. */
	readonly lasting: boolean;
	readonly keep: (written: WrittenContent) => Promise<MediaObject>;
	readonly remove: (object: MediaObject) => Promise<void>;
	readonly inBackground: (task: Promise<void>) => void;
}

/**
 * An object being written: limits are checked and bytes counted before anything is written, and whatever ends it short of `finish`
 * gives them back and leaves no file. Calls may overlap; they take effect in order.
 */
export class ObjectWriter {
	readonly #mimeType: string | undefined;
	readonly #deps: WriterDeps;
	#file: BlobWriter | undefined;
	#head = new Uint8Array(0);
	#size = 0;
	/** The last thing under way. */
	#tail: Promise<unknown> = Promise.resolve();
	/** Why nothing more can be written. */
	#over: SpearError | undefined;
	/** Why nothing of what is under way counts any more. */
	#failure: SpearError | undefined;
	#unwanted = false;

	constructor(mimeType: string | undefined, deps: WriterDeps) {
		this.#mimeType = mimeType;
		this.#deps = deps;
	}

	/**
	 * Resolves when the bytes are with the operating system; until then they must not change. Bytes refused for a limit leave the
	 * object as it was.
	 */
	async write(bytes: Uint8Array): Promise<void> {
		if (this.#over !== undefined) throw this.#over;
		if (bytes.byteLength === 0) return;
		const { maxBytes } = this.#deps;
		if (this.#size + bytes.byteLength > maxBytes) {
			throw new SpearError("invalid_request", `the object is larger than the ${maxBytes} bytes that the host takes in one (max_bytes)`);
		}
		this.#deps.reserve(bytes.byteLength);
		this.#size += bytes.byteLength;
		if (this.#head.byteLength < SNIFF_BYTES) {
			this.#head = new Uint8Array(Buffer.concat([this.#head, bytes.subarray(0, SNIFF_BYTES - this.#head.byteLength)]));
		}
		await this.#next(async () => {
			this.#file ??= await this.#deps.create();
			await this.#file.write(bytes);
		});
	}

	/** Ends the object. Nothing can be written any more, whether this succeeds or not. */
	async finish(): Promise<MediaObject> {
		if (this.#over !== undefined) throw this.#over;
		this.#over = new SpearError("invalid_request", "the object is finished; open a new writer");
		const object = await this.#next(async () => {
			this.#file ??= await this.#deps.create();
			const sha256 = await this.#file.finish(this.#deps.lasting);
			const mimeType = this.#mimeType ?? sniffMediaType(this.#head, this.#head.byteLength === this.#size);
			return this.#deps.keep({ path: this.#file.path, sha256, size: this.#size, mimeType });
		});
		if (this.#unwanted) await this.#deps.remove(object);
		return object;
	}

	/** Gives the object up, unless it was finished: its bytes count no more, its file goes in the background. */
	discard(): void {
		this.#unwanted = true; // In case `finish` is under way.
		if (this.#over === undefined) this.#abandon(new SpearError("invalid_request", "the object was given up; open a new writer"));
	}

	/** Does one step after those before it; a step that fails ends the object. */
	#next<T>(step: () => Promise<T>): Promise<T> {
		const result = this.#tail.then(async () => {
			try {
				if (this.#failure !== undefined) throw this.#failure;
				return await step();
			} catch (thrown) {
				const error = thrown instanceof SpearError ? thrown : storageFailure(thrown);
				this.#abandon(error);
				throw error;
			}
		});
		this.#tail = result.catch(() => {});
		return result;
	}

	#abandon(error: SpearError): void {
		if (this.#failure !== undefined) return;
		this.#failure = error;
		this.#over = error;
		this.#deps.release(this.#size);
		this.#deps.inBackground(this.#tail.then(() => this.#file?.discard()));
	}
}

function storageFailure(cause: unknown): SpearError {
	return new SpearError("internal", "the host could not store the object; its log has the details", { cause });
}
