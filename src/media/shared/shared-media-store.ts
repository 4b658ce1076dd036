import type { SharedObjects } from "../../cluster/objects.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import { BackgroundTasks } from "../background-tasks.ts";
import type { MediaObject } from "../media-object.ts";
import type { MediaSettings } from "../media-settings.ts";
import type { ObjectLifetime, ObjectStore, OpenObject, StoreWriter } from "../object-store.ts";
import { newObjectId, objectIdOf, unknownObject } from "../reference.ts";
import { CheckedContent } from "./checked-content.ts";
import type { ContentStore } from "./contents/content-store.ts";
import { DueContents } from "./due-contents.ts";
import { LEASE_MS, LeaseKeeper } from "./lease-keeper.ts";
import { SharedObject } from "./shared-object.ts";
import { SharedWriter } from "./shared-writer.ts";
import { storageFailure } from "./storage-failure.ts";

export interface SharedMediaOptions {
	/** Store of this host alone, for guests without a name and for the time of a request. */
	readonly local: ObjectStore;
	readonly objects: SharedObjects;
	readonly contents: ContentStore;
	/** Name of this host. */
	readonly host: string;
	/** Called with failures in the background. The default ignores them. */
	readonly onFault?: (cause: unknown) => void;
}

/**
 * The media of guests on several hosts. Objects of named guests are found on every host: records and quotas are in the shared store, contents at a place that all hosts reach.
 * Objects of guests without a name stay on this host, because no other host knows such a guest. So do inline bytes of a request.
 */
export class SharedMediaStore implements ObjectStore {
	readonly settings: MediaSettings;
	readonly #options: SharedMediaOptions;
	readonly #leases: LeaseKeeper;
	readonly #due: DueContents;
	readonly #tasks: BackgroundTasks;
	#closed = false;

	constructor(options: SharedMediaOptions) {
		const { local, objects, contents, host, onFault = () => {} } = options;
		this.settings = local.settings;
		this.#options = options;
		this.#tasks = new BackgroundTasks(onFault);
		this.#leases = new LeaseKeeper({ host, objects, contents, now: () => this.now(), onFault });
		this.#due = new DueContents({ objects, contents, lifetimeMs: this.settings.expiresAfterS * 1000, onFault });
	}

	now(): number {
		return this.#options.local.now();
	}

	write(guest: GuestIdentity, mimeType: string | undefined, lifetime: ObjectLifetime): StoreWriter {
		const { local, objects, contents } = this.#options;
		if (!isShared(guest) || lifetime === "request") return local.write(guest, mimeType, lifetime);
		if (this.#closed) throw new SpearError("cancelled", "the host is closed");
		return new SharedWriter(guest.id, newObjectId(), mimeType, {
			settings: this.settings,
			objects,
			contents,
			leases: this.#leases,
			now: () => this.now(),
			remove: (owner, id) => this.#remove(owner, id),
			removeContent: (id) => contents.remove(id, false),
			inBackground: (task) => this.#tasks.add(task),
		});
	}

	find(guest: GuestIdentity, stored: string, path: string): MediaObject | Promise<MediaObject> {
		return isShared(guest) ? this.#find(guest.id, objectIdOf(stored, path), path) : this.#options.local.find(guest, stored, path);
	}

	pin(object: MediaObject): () => void {
		return object instanceof SharedObject ? this.#leases.pin(object) : this.#options.local.pin(object);
	}

	async read(object: MediaObject): Promise<OpenObject> {
		if (!(object instanceof SharedObject)) return this.#options.local.read(object);
		const unpin = this.#leases.pin(object);
		const content = new CheckedContent(object, this.#options.contents.read(object.id, object.size));
		return {
			fill: async (buffer, position) => {
				try {
					return await content.fill(buffer, position);
				} catch (thrown) {
					throw storageFailure(thrown);
				}
			},
			close: () => {
				this.#tasks.add(content.close());
				unpin();
			},
		};
	}

	async remove(object: MediaObject): Promise<void> {
		if (!(object instanceof SharedObject)) return this.#options.local.remove(object);
		try {
			await this.#remove(object.guest, object.id);
		} catch (thrown) {
			throw storageFailure(thrown);
		}
	}

	async settled(): Promise<void> {
		await this.#tasks.settled();
		await this.#options.local.settled();
	}

	/** Ends the work for the other hosts. Shared objects stay. */
	async close(): Promise<void> {
		if (this.#closed) return this.settled();
		this.#closed = true;
		await this.#due.close();
		await this.settled();
		this.#leases.close();
		await this.#options.contents.close();
		await this.#options.local.close();
	}

	/** Deletes the contents that are due now. The host does so by itself from time to time. */
	deleteDue(): Promise<void> {
		return this.#due.delete();
	}

	/** Renews the leases of this host now. The host does so by itself from time to time. */
	renewLeases(): Promise<void> {
		return this.#leases.renew();
	}

	async #find(guest: string, id: string, path: string): Promise<SharedObject> {
		if (this.#closed) throw new SpearError("cancelled", "the host is closed");
		const { objects, host } = this.#options;
		const release = this.#leases.hold(guest, id);
		const found = await objects
			.find(guest, id, { host, leaseMs: LEASE_MS })
			.catch((thrown: unknown) => {
				throw storageFailure(thrown);
			})
			.finally(release);
		if (found === undefined) throw unknownObject(path);
		if (found.size > this.settings.maxBytes) {
			throw new SpearError(
				"internal",
				`${path}: the object has ${found.size} bytes, and this host takes at most ${this.settings.maxBytes} (max_bytes); all hosts need the same limit`,
			);
		}
		return new SharedObject(guest, id, found, this.now());
	}

	async #remove(guest: string, id: string): Promise<void> {
		const { objects, contents, host } = this.#options;
		const outcome = await objects.remove(guest, id, this.#leases.isPinned(guest, id) ? undefined : host);
		if (typeof outcome === "string") return;
		await contents.remove(id, outcome.isComplete);
		await objects.forget(guest, [outcome]);
	}
}

/** Returns true for a guest that other hosts know by its name. */
function isShared(guest: GuestIdentity): boolean {
	return guest.name !== undefined;
}
