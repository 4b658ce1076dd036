import { createHash } from "node:crypto";
import type { NewObject, SharedObjects } from "../../cluster/objects.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { MediaSettings } from "../media-settings.ts";
import type { StoreWriter } from "../object-store.ts";
import { MAX_OBJECTS, quotaExceeded, tooManyObjects } from "../quota.ts";
import { SNIFF_BYTES, sniffMediaType } from "../sniff.ts";
import type { ContentStore, ContentWriter } from "./contents/content-store.ts";
import { LEASE_MS, type LeaseKeeper } from "./lease-keeper.ts";
import { SharedObject } from "./shared-object.ts";
import { lostWriter, storageFailure } from "./storage-failure.ts";

/** Most bytes that are reserved beyond those that are written. */
const MAX_AHEAD = 1024 * 1024;

/** The parts of the store that a writer uses. */
export interface SharedWriterDeps {
	readonly settings: MediaSettings;
	readonly objects: SharedObjects;
	readonly contents: ContentStore;
	readonly leases: LeaseKeeper;
	/** Returns milliseconds since 1970. */
	readonly now: () => number;
	/** Removes an object or what was written of it. */
	readonly remove: (guest: string, id: string) => Promise<void>;
	/** Removes what was written of an object that no record names. */
	readonly removeContent: (id: string) => Promise<void>;
	readonly inBackground: (task: Promise<void>) => void;
}

/** Writes one object that every host can find. Bytes are reserved in the shared store before they are written. */
export class SharedWriter implements StoreWriter {
	readonly #guest: string;
	readonly #id: string;
	readonly #mimeType: string | undefined;
	readonly #deps: SharedWriterDeps;
	readonly #content: ContentWriter;
	readonly #hash = createHash("sha256");
	#head: Uint8Array = new Uint8Array(0);
	#size = 0;
	/** Reserved bytes. `undefined` before the first reservation. */
	#reserved: number | undefined;
	#lastStep: Promise<unknown> = Promise.resolve();
	/** Error of further calls. */
	#ended: SpearError | undefined;
	/** Error of steps that are queued. Set once the object is abandoned or failed. */
	#failure: SpearError | undefined;
	#discarded = false;
	/** True once the store took the writer for dead. */
	#isLost = false;
	#release = (): void => {};

	/**
	 * @param id Id of the new object.
	 * @param mimeType The default is detected from the first bytes.
	 */
	constructor(guest: string, id: string, mimeType: string | undefined, deps: SharedWriterDeps) {
		this.#guest = guest;
		this.#id = id;
		this.#mimeType = mimeType;
		this.#deps = deps;
		this.#content = deps.contents.write(id);
	}

	async write(bytes: Uint8Array): Promise<void> {
		if (this.#ended !== undefined) throw this.#ended;
		if (bytes.byteLength === 0) return;
		await this.#queue(async () => {
			const { maxBytes } = this.#deps.settings;
			const size = this.#size + bytes.byteLength;
			if (size > maxBytes) {
				throw new SpearError("invalid_request", `the object is larger than ${maxBytes} bytes, the host's limit for one object (max_bytes)`);
			}
			await this.#reserve(size);
			await this.#orEnd(async () => {
				await this.#content.write(bytes);
				this.#hash.update(bytes);
				this.#size = size;
				if (this.#head.byteLength < SNIFF_BYTES)
					this.#head = Buffer.concat([this.#head, bytes.subarray(0, SNIFF_BYTES - this.#head.byteLength)]);
			});
		});
	}

	async finish(): Promise<SharedObject> {
		if (this.#ended !== undefined) throw this.#ended;
		this.#ended = new SpearError("invalid_request", "the object is finished; open a new writer");
		const object = await this.#queue(() => this.#orEnd(() => this.#commit()));
		this.#release();
		if (this.#discarded) await this.#deps.remove(this.#guest, this.#id);
		return object;
	}

	discard(): void {
		this.#discarded = true;
		if (this.#ended === undefined) this.#abandon(new SpearError("invalid_request", "the writer was discarded; open a new writer"));
	}

	async #commit(): Promise<SharedObject> {
		const { settings, objects, now } = this.#deps;
		await this.#reserve(this.#size);
		const lifetimeMs = settings.expiresAfterS * 1000;
		await this.#content.finish(lifetimeMs);
		const mimeType = this.#mimeType ?? sniffMediaType(this.#head, this.#head.byteLength === this.#size);
		const stored: NewObject = { id: this.#id, size: this.#size, sha256: this.#hash.digest("hex"), mimeType, lifetimeMs };
		const remainingMs = await objects.commit(this.#guest, stored);
		if (remainingMs === undefined) return this.#lost();
		return new SharedObject(this.#guest, this.#id, { ...stored, remainingMs }, now());
	}

	/** Reserves bytes in total, and some ahead, so that a stream of small chunks does not call the store for each. */
	async #reserve(bytes: number): Promise<void> {
		const { settings, objects, leases } = this.#deps;
		if (this.#reserved !== undefined && bytes <= this.#reserved) return;
		const isFirst = this.#reserved === undefined;
		const wantedBytes = Math.max(bytes, Math.min(settings.maxBytes, bytes + (isFirst ? 0 : Math.min(bytes, MAX_AHEAD))));
		const { quotaBytes } = settings;
		const request = { id: this.#id, isFirst, bytes, wantedBytes, quotaBytes, maxObjects: MAX_OBJECTS, leaseMs: LEASE_MS };
		const result = await objects.reserve(this.#guest, request).catch((thrown: unknown) => {
			throw storageFailure(thrown);
		});
		if ("granted" in result) {
			if (isFirst) this.#release = leases.keepWriter(this.#guest, this.#id, this.#content);
			this.#reserved = result.granted;
			return;
		}
		if (result.refused === "objects") throw tooManyObjects(MAX_OBJECTS);
		if (result.refused === "bytes") throw quotaExceeded(quotaBytes, result.used, bytes - (this.#reserved ?? 0));
		return this.#orEnd(() => this.#lost());
	}

	async #lost(): Promise<never> {
		this.#isLost = true;
		throw lostWriter();
	}

	/** Runs a step after the steps before it. */
	#queue<T>(step: () => Promise<T>): Promise<T> {
		const result = this.#lastStep.then(() => {
			if (this.#failure !== undefined) throw this.#failure;
			return step();
		});
		this.#lastStep = result.catch(() => {});
		return result;
	}

	/** Runs a part of a step whose failure ends the object. */
	async #orEnd<T>(part: () => Promise<T>): Promise<T> {
		try {
			return await part();
		} catch (thrown) {
			const error = storageFailure(thrown);
			this.#abandon(error);
			throw error;
		}
	}

	#abandon(error: SpearError): void {
		if (this.#failure !== undefined) return;
		this.#failure = error;
		this.#ended = error;
		const { inBackground, remove, removeContent } = this.#deps;
		inBackground(
			this.#lastStep.then(async () => {
				this.#release();
				await this.#content.discard();
				if (this.#reserved === undefined) return;
				await remove(this.#guest, this.#id);
				// Another host may have deleted the content of a writer that was taken for dead, before the writer wrote more.
				if (this.#isLost) await removeContent(this.#id);
			}),
		);
	}
}
