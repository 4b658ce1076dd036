import { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import { BackgroundTasks } from "./background-tasks.ts";
import { Blobs } from "./blobs.ts";
import { MediaDirectory } from "./directory.ts";
import type { MediaObject } from "./media-object.ts";
import type { MediaSettings } from "./media-settings.ts";
import { ObjectIndex, type StoredObject } from "./object-index.ts";
import type { ObjectStore, OpenObject } from "./object-store.ts";
import { ObjectWriter, type WrittenContent } from "./object-writer.ts";
import { Quota } from "./quota.ts";
import { Records } from "./records.ts";
import { newObjectId, objectIdOf, unknownObject } from "./reference.ts";

export interface MediaStoreOptions {
	/** Returns milliseconds since 1970. The default is `Date.now`. */
	readonly clock?: () => number;
	/** Called with failures in the background, such as a file that cannot be removed. The default ignores them. */
	readonly onFault?: (cause: unknown) => void;
}

/** The longest delay of `setTimeout`, in milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The media of all guests of a host. Contents are on disk by their hash, objects are in memory. Each object belongs to one guest, and no
 * other guest can find it.
 *
 * With a configured directory, objects of named guests are recorded on disk and restored at the next start. All other objects are
 * removed when the host closes.
 */
export class MediaStore implements ObjectStore {
	readonly settings: MediaSettings;
	readonly #directory: MediaDirectory;
	readonly #blobs: Blobs;
	readonly #records: Records;
	readonly #quota: Quota;
	readonly #clock: () => number;
	readonly #tasks: BackgroundTasks;
	readonly #objects: ObjectIndex;
	#expiryTimer: NodeJS.Timeout | undefined;
	#closed = false;

	private constructor(settings: MediaSettings, { clock = Date.now, onFault = () => {} }: MediaStoreOptions) {
		this.settings = settings;
		this.#clock = clock;
		this.#directory = new MediaDirectory(settings.dir);
		this.#blobs = new Blobs(this.#directory);
		this.#records = new Records(this.#directory);
		this.#quota = new Quota(settings.quotaBytes);
		this.#tasks = new BackgroundTasks(onFault);
		this.#objects = new ObjectIndex((stored) => {
			const dropped = this.#drop(stored);
			this.#tasks.add(dropped);
			return dropped;
		});
	}

	/**
	 * Opens a store and restores the objects in a configured directory. Without one, no file is created before the first object.
	 *
	 * @throws SpearError `invalid_request` for a configured directory that cannot be used or belongs to another host.
	 */
	static async open(settings: MediaSettings, options: MediaStoreOptions = {}): Promise<MediaStore> {
		const store = new MediaStore(settings, options);
		if (settings.dir !== undefined) await store.#restore();
		return store;
	}

	/** Returns the time of the store, in milliseconds since 1970. */
	now(): number {
		return this.#clock();
	}

	/** Returns the bytes that count against a guest's quota. */
	usedBy(guest: string): number {
		return this.#quota.usedBy(guest);
	}

	/**
	 * Starts an object.
	 *
	 * @param mimeType The default is detected from the first bytes.
	 * @throws SpearError `not_permitted` for a guest with too many objects; `cancelled` after `close`.
	 */
	write(guest: GuestIdentity, mimeType: string | undefined): ObjectWriter {
		this.#assertOpen();
		this.#quota.checkObjects(guest.id);
		return new ObjectWriter(mimeType, {
			maxBytes: this.settings.maxBytes,
			reserve: (bytes) => this.#reserve(guest.id, bytes),
			release: (bytes) => this.#quota.release(guest.id, bytes),
			create: () => this.#blobs.create(),
			durable: this.#isRecorded(guest),
			add: (written) => this.#add(guest, written),
			remove: (object) => this.remove(object),
			inBackground: (task) => this.#tasks.add(task),
		});
	}

	/**
	 * Returns the guest's object of that reference.
	 *
	 * @param path Name of the reference, for errors.
	 * @throws SpearError `invalid_request` for a malformed reference; `not_permitted` for a reference to no object of the guest.
	 */
	find(guest: GuestIdentity, stored: string, path: string): MediaObject {
		const id = objectIdOf(stored, path);
		this.#removeExpired();
		const object = this.#objects.find(id);
		if (object === undefined || object.guest !== guest.id) throw unknownObject(path);
		return object;
	}

	/** Keeps an object's content in place until the returned function is called, even if the object is removed or expires. */
	pin(object: MediaObject): () => void {
		const unpin = this.#objects.pin(object.id);
		if (unpin === undefined) throw unknownObject("reference");
		return unpin;
	}

	/** Opens the content of an object. The caller has checked that the guest may read the object. */
	async read(object: MediaObject): Promise<OpenObject> {
		const unpin = this.pin(object);
		try {
			const file = await this.#blobs.open(object.sha256);
			return {
				fill: async (buffer, position) => {
					const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
					if (bytesRead === 0) throw new SpearError("internal", "the content of a stored object is shorter than when it was stored");
					return buffer.subarray(0, bytesRead);
				},
				close: () => {
					this.#tasks.add(file.close());
					unpin();
				},
			};
		} catch (thrown) {
			unpin();
			throw thrown;
		}
	}

	/** Removes an object. No call finds it any more. Resolves when its content is removed, or at once while the object is pinned. */
	async remove(object: MediaObject): Promise<void> {
		await this.#objects.remove(object.id);
	}

	/** Resolves when no task is pending in the background. */
	async settled(): Promise<void> {
		await this.#tasks.settled();
	}

	/** Removes the objects that do not outlive the host, and unlocks the directory. Safe to call twice. */
	async close(): Promise<void> {
		if (this.#closed) return this.settled();
		this.#closed = true;
		clearTimeout(this.#expiryTimer);
		await this.settled();
		if (this.#directory.persistent) {
			for (const { object, recorded } of this.#objects) if (!recorded) await this.#blobs.release(object.sha256);
		}
		this.#objects.clear();
		await this.#directory.close();
	}

	/** Restores the objects of an earlier host, and removes records and contents that cannot be used any more. */
	async #restore(): Promise<void> {
		const latest = this.#clock() + this.settings.expiresAfterS * 1000;
		const objects = (await this.#records.readAll()).map((object) => ({ ...object, expiresAt: Math.min(object.expiresAt, latest) }));
		for (const object of objects.sort((a, b) => a.expiresAt - b.expiresAt)) {
			const usable = object.expiresAt > this.#clock() && (await this.#blobs.restore(object.sha256, object.size));
			if (usable) {
				this.#objects.add({ object, recorded: true });
				this.#quota.count(object.guest, object.size);
				this.#quota.addObject(object.guest);
			} else {
				await this.#records.remove(object.id);
			}
		}
		await this.#blobs.removeUnused();
		this.#scheduleExpiry();
	}

	async #add(guest: GuestIdentity, { path, sha256, size, mimeType }: WrittenContent): Promise<MediaObject> {
		await this.#blobs.add(path, sha256);
		const expiresAt = this.#clock() + this.settings.expiresAfterS * 1000;
		const object = { id: newObjectId(), guest: guest.id, sha256, size, mimeType, expiresAt };
		const recorded = this.#isRecorded(guest);
		try {
			this.#assertOpen();
			if (recorded) await this.#records.write(object);
			this.#assertOpen();
		} catch (thrown) {
			await this.#blobs.release(sha256);
			throw thrown;
		}
		this.#objects.add({ object, recorded });
		this.#quota.addObject(guest.id);
		this.#scheduleExpiry();
		return object;
	}

	#isRecorded(guest: GuestIdentity): boolean {
		return guest.name !== undefined && this.#directory.persistent;
	}

	#reserve(guest: string, bytes: number): void {
		this.#assertOpen();
		this.#removeExpired();
		this.#quota.reserve(guest, bytes);
	}

	/** Removes expired objects. Cheap: stops at the first object that has not expired. */
	#removeExpired(): void {
		const now = this.#clock();
		for (const { object } of this.#objects) {
			if (object.expiresAt > now) break;
			void this.remove(object).catch(() => {});
		}
	}

	/** Removes expired objects when the next one expires. The timer does not keep the process alive. */
	#scheduleExpiry(): void {
		const [next] = this.#objects;
		if (this.#expiryTimer !== undefined || next === undefined || this.#closed) return;
		const wait = Math.min(Math.max(next.object.expiresAt - this.#clock(), 1), MAX_TIMEOUT_MS);
		this.#expiryTimer = setTimeout(() => {
			this.#expiryTimer = undefined;
			this.#removeExpired();
			this.#scheduleExpiry();
		}, wait).unref();
	}

	/** Releases the quota, the record and the content of an object. */
	async #drop({ object, recorded }: StoredObject): Promise<void> {
		this.#quota.release(object.guest, object.size);
		this.#quota.removeObject(object.guest);
		if (recorded) await this.#records.remove(object.id);
		await this.#blobs.release(object.sha256);
	}

	#assertOpen(): void {
		if (this.#closed) throw new SpearError("cancelled", "the host is closed");
	}
}
