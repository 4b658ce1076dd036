import { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import { Blobs } from "./blobs.ts";
import { MediaDirectory } from "./directory.ts";
import type { MediaObject } from "./media-object.ts";
import type { MediaSettings } from "./media-settings.ts";
import { ObjectWriter, type WrittenContent } from "./object-writer.ts";
import { Quota } from "./quota.ts";
import { Records } from "./records.ts";
import { newObjectId, objectIdOf, unknownObject } from "./reference.ts";

/** What the store keeps of an object besides what is told of it. */
interface StoredObject {
	readonly object: MediaObject;
	readonly recorded: boolean;
	/** Readers and requests under way: content goes with the last of them. */
	pins: number;
}

/** An object being read. Its content stays in place until it is closed. */
export interface OpenObject {
	/** Reads into this memory from that position on, and gives the part of it that was filled: at least a byte. */
	fill(buffer: Uint8Array, position: number): Promise<Uint8Array>;
	close(): void;
}

export interface MediaStoreOptions {
	/** Milliseconds since 1970; `Date.now` when absent. */
	readonly clock?: () => number;
	/** Told of what went wrong in the background, such as a file that could not be removed. */
	readonly onFault?: (cause: unknown) => void;
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The media of all guests of a host: content-addressed on disk, owned in memory. An object belongs to one guest, and only that one
 * can find it. Objects of guests that the embedder named are recorded beside the content when the directory is configured, and are
 * there again when the host is started anew; all others go when the host closes.
 */
export class MediaStore {
	readonly settings: MediaSettings;
	readonly #directory: MediaDirectory;
	readonly #blobs: Blobs;
	readonly #records: Records;
	readonly #quota: Quota;
	readonly #clock: () => number;
	readonly #onFault: (cause: unknown) => void;
	/** By id, in the order in which they expire. */
	readonly #objects = new Map<string, StoredObject>();
	/** Those that nobody can find any more, but that are pinned. */
	readonly #leaving = new Map<string, StoredObject>();
	/** What goes on in the background. */
	readonly #pending = new Set<Promise<void>>();
	#sweeper: NodeJS.Timeout | undefined;
	#closed = false;

	private constructor(settings: MediaSettings, { clock = Date.now, onFault = () => {} }: MediaStoreOptions) {
		this.settings = settings;
		this.#clock = clock;
		this.#onFault = onFault;
		this.#directory = new MediaDirectory(settings.dir);
		this.#blobs = new Blobs(this.#directory);
		this.#records = new Records(this.#directory);
		this.#quota = new Quota(settings.quotaBytes);
	}

	/** Opens a store; one without a configured directory touches no disk until something is stored. */
	static async open(settings: MediaSettings, options: MediaStoreOptions = {}): Promise<MediaStore> {
		const store = new MediaStore(settings, options);
		if (settings.dir !== undefined) await store.#takeOver();
		return store;
	}

	now(): number {
		return this.#clock();
	}

	/** Bytes that count against a guest's quota. */
	usedBy(guest: string): number {
		return this.#quota.usedBy(guest);
	}

	/** Begins an object. The media type is found out from its first bytes when `undefined`. */
	write(guest: GuestIdentity, mimeType: string | undefined): ObjectWriter {
		this.#refuseWhenClosed();
		this.#quota.checkObjects(guest.id);
		return new ObjectWriter(mimeType, {
			maxBytes: this.settings.maxBytes,
			reserve: (bytes) => this.#reserve(guest.id, bytes),
			release: (bytes) => this.#quota.release(guest.id, bytes),
			create: () => this.#blobs.create(),
			lasting: this.#isRecorded(guest),
			keep: (written) => this.#keep(guest, written),
			remove: (object) => this.remove(object),
			inBackground: (task) => this.#background(task),
		});
	}

	/** The guest's own object of that reference; `path` names it in errors, all of which are the same but for those of its form. */
	find(guest: GuestIdentity, stored: string, path: string): MediaObject {
		const id = objectIdOf(stored, path);
		this.#sweep();
		const kept = this.#objects.get(id);
		if (kept === undefined || kept.object.guest !== guest.id) throw unknownObject(path);
		return kept.object;
	}

	/** Keeps an object's content in place until the function it gives is called, even if the object is removed or expires. */
	pin(object: MediaObject): () => void {
		const kept = this.#objects.get(object.id) ?? this.#leaving.get(object.id);
		if (kept === undefined) throw unknownObject("reference");
		kept.pins += 1;
		let pinned = true;
		return () => {
			if (!pinned) return;
			pinned = false;
			kept.pins -= 1;
			if (kept.pins === 0 && this.#leaving.delete(object.id)) this.#background(this.#drop(kept));
		};
	}

	/** Opens the content of an object, whoever was allowed to. */
	async read(object: MediaObject): Promise<OpenObject> {
		const unpin = this.pin(object);
		try {
			const file = await this.#blobs.open(object.sha256);
			return {
				fill: async (buffer, position) => {
					const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
					if (bytesRead === 0) throw new SpearError("internal", "a stored object is shorter than it was when it was stored");
					return buffer.subarray(0, bytesRead);
				},
				close: () => {
					this.#background(file.close());
					unpin();
				},
			};
		} catch (thrown) {
			unpin();
			throw thrown;
		}
	}

	/** Makes an object unknown at once; resolves when its content is gone, or at once while it is pinned. */
	async remove(object: MediaObject): Promise<void> {
		const kept = this.#objects.get(object.id);
		if (kept === undefined) return;
		this.#objects.delete(object.id);
		if (kept.pins > 0) {
			this.#leaving.set(object.id, kept);
			return;
		}
		const dropped = this.#drop(kept);
		this.#background(dropped);
		await dropped;
	}

	/** Resolves when nothing goes on in the background. */
	async settled(): Promise<void> {
		while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
	}

	/** Removes what does not outlive the host. Safe to call twice. */
	async close(): Promise<void> {
		if (this.#closed) return this.settled();
		this.#closed = true;
		clearTimeout(this.#sweeper);
		await this.settled();
		if (this.#directory.lasting) {
			for (const kept of this.#objects.values()) if (!kept.recorded) await this.#blobs.release(kept.object.sha256);
		}
		this.#objects.clear();
		await this.#directory.close();
	}

	/** Finds what an earlier host left in the configured directory, and removes what nobody can open any more. */
	async #takeOver(): Promise<void> {
		const latest = this.#clock() + this.settings.expiresAfterS * 1000;
		const objects = (await this.#records.readAll()).map((object) => ({ ...object, expiresAt: Math.min(object.expiresAt, latest) }));
		for (const object of objects.sort((a, b) => a.expiresAt - b.expiresAt)) {
			const usable = object.expiresAt > this.#clock() && (await this.#blobs.adopt(object.sha256, object.size));
			if (usable) {
				this.#objects.set(object.id, { object, recorded: true, pins: 0 });
				this.#quota.count(object.guest, object.size);
				this.#quota.addObject(object.guest);
			} else {
				await this.#records.remove(object.id);
			}
		}
		await this.#blobs.removeUnused();
		this.#schedule();
	}

	async #keep(guest: GuestIdentity, { path, sha256, size, mimeType }: WrittenContent): Promise<MediaObject> {
		await this.#blobs.keep(path, sha256);
		const expiresAt = this.#clock() + this.settings.expiresAfterS * 1000;
		const object = { id: newObjectId(), guest: guest.id, sha256, size, mimeType, expiresAt };
		const recorded = this.#isRecorded(guest);
		try {
			this.#refuseWhenClosed();
			if (recorded) await this.#records.write(object);
			this.#refuseWhenClosed();
		} catch (thrown) {
			await this.#blobs.release(sha256);
			throw thrown;
		}
		this.#objects.set(object.id, { object, recorded, pins: 0 });
		this.#quota.addObject(guest.id);
		this.#schedule();
		return object;
	}

	#isRecorded(guest: GuestIdentity): boolean {
		return guest.name !== undefined && this.#directory.lasting;
	}

	#reserve(guest: string, bytes: number): void {
		this.#refuseWhenClosed();
		this.#sweep();
		this.#quota.reserve(guest, bytes);
	}

	/** Lets go of what has expired. Cheap: it looks no further than the first that has not. */
	#sweep(): void {
		const now = this.#clock();
		for (const { object } of this.#objects.values()) {
			if (object.expiresAt > now) break;
			void this.remove(object).catch(() => {});
		}
	}

	/** Sweeps again when the next object expires. The timer does not keep the process alive. */
	#schedule(): void {
		const [next] = this.#objects.values();
		if (this.#sweeper !== undefined || next === undefined || this.#closed) return;
		const wait = Math.min(Math.max(next.object.expiresAt - this.#clock(), 1), LONGEST_TIMER_MS);
		this.#sweeper = setTimeout(() => {
			this.#sweeper = undefined;
			this.#sweep();
			this.#schedule();
		}, wait).unref();
	}

	/** The end of an object: its bytes count no more, and go with the last object that has the same. */
	async #drop({ object, recorded }: StoredObject): Promise<void> {
		this.#quota.release(object.guest, object.size);
		this.#quota.removeObject(object.guest);
		if (recorded) await this.#records.remove(object.id);
		await this.#blobs.release(object.sha256);
	}

	#background(task: Promise<void>): void {
		const settled = task.catch(this.#onFault).finally(() => this.#pending.delete(settled));
		this.#pending.add(settled);
	}

	#refuseWhenClosed(): void {
		if (this.#closed) throw new SpearError("cancelled", "the host is closed");
	}
}
