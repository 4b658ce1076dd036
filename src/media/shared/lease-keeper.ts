import type { SharedObjects } from "../../cluster/objects.ts";
import type { ContentStore, ContentWriter } from "./contents/content-store.ts";
import type { SharedObject } from "./shared-object.ts";

/**
 * Time for which the store believes without a renewal that a host writes or uses a content, in milliseconds. So long after the death of a host, or without a connection to the
 * store, other hosts may delete the content.
 */
export const LEASE_MS = 60_000;

/** Time between renewals, in milliseconds. Two may fail. */
export const RENEWAL_MS = 20_000;

interface Use {
	readonly guest: string;
	readonly id: string;
	/** Absent until the object is found. */
	object: SharedObject | undefined;
	/** Readers, requests and calls that use the content. */
	holders: number;
}

interface OpenWriter {
	readonly guest: string;
	readonly content: ContentWriter;
}

export interface LeaseKeeperOptions {
	readonly host: string;
	readonly objects: SharedObjects;
	readonly contents: ContentStore;
	/** Returns milliseconds since 1970. */
	readonly now: () => number;
	readonly onFault: (cause: unknown) => void;
}

/** Renews the leases of contents that this host writes or uses. */
export class LeaseKeeper {
	readonly #options: LeaseKeeperOptions;
	readonly #uses = new Map<string, Use>();
	readonly #writers = new Map<string, OpenWriter>();
	/** Contents whose use has ended, and of which the store is not notified yet. */
	readonly #unused = new Map<string, Use>();
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: LeaseKeeperOptions) {
		this.#options = options;
	}

	/** Keeps a content that was just found, until the returned function is called. */
	pin(object: SharedObject): () => void {
		const release = this.hold(object.guest, object.id);
		const use = this.#uses.get(keyOf(object.guest, object.id));
		if (use !== undefined) use.object = object;
		return release;
	}

	/** Keeps the lease of a content that is being looked up, until the returned function is called. */
	hold(guest: string, id: string): () => void {
		const key = keyOf(guest, id);
		const use: Use = this.#uses.get(key) ?? { guest, id, object: undefined, holders: 0 };
		use.holders += 1;
		this.#uses.set(key, use);
		this.#unused.delete(key);
		this.#start();
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			use.holders -= 1;
			if (use.holders > 0) return;
			this.#uses.delete(key);
			this.#endUse(key, use);
		};
	}

	isPinned(guest: string, id: string): boolean {
		return this.#uses.has(keyOf(guest, id));
	}

	/** Keeps the reservation of an object being written, until the returned function is called. */
	keepWriter(guest: string, id: string, content: ContentWriter): () => void {
		this.#writers.set(id, { guest, content });
		this.#start();
		return () => this.#writers.delete(id);
	}

	/** Renews all leases. Never fails. */
	async renew(): Promise<void> {
		const { host, objects, contents, now } = this.#options;
		const uses = [...this.#uses.values()];
		const guests = new Set([...this.#uses.values(), ...this.#writers.values()].map(({ guest }) => guest));
		for (const guest of guests) {
			const used = uses.filter((use) => use.guest === guest).map(({ id }) => id);
			const writing = [...this.#writers].filter(([, writer]) => writer.guest === guest).map(([id]) => id);
			await this.#attempt(objects.renew(guest, { host, leaseMs: LEASE_MS, used, writing }));
		}
		for (const { object } of uses) {
			// The content of an object ends by itself some time after the object.
			if (object !== undefined && object.expiresAt - now() < 2 * LEASE_MS)
				await this.#attempt(contents.keep(object.id, object.size, 4 * LEASE_MS));
		}
		for (const { content } of [...this.#writers.values()]) await this.#attempt(content.keep());
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#uses.clear();
		this.#writers.clear();
	}

	/** Notifies the store in the next turn, unless the use starts again. */
	#endUse(key: string, use: Use): void {
		if (this.#closed) return;
		if (this.#unused.size === 0) setImmediate(() => void this.#releaseUnused());
		this.#unused.set(key, use);
	}

	async #releaseUnused(): Promise<void> {
		const { host, objects } = this.#options;
		const guests = Map.groupBy(this.#unused.values(), ({ guest }) => guest);
		this.#unused.clear();
		// A release that fails has no effect: the lease ends by itself.
		const release = ([guest, uses]: [string, readonly Use[]]): Promise<void> =>
			objects
				.release(
					guest,
					uses.map(({ id }) => id),
					host,
				)
				.catch(() => {});
		// All are sent at once: a use that starts after that is not ended by them.
		await Promise.all([...guests].map(release));
	}

	/** Reports a failure. The next renewal tries again. */
	async #attempt(renewal: Promise<void>): Promise<void> {
		await renewal.catch(this.#options.onFault);
	}

	#start(): void {
		if (this.#timer !== undefined || this.#closed) return;
		this.#timer = setTimeout(() => {
			void this.renew().finally(() => {
				this.#timer = undefined;
				if (this.#uses.size + this.#writers.size > 0) this.#start();
			});
		}, RENEWAL_MS).unref();
	}
}

/** Key of a use. A guest that guesses the id of another guest's object has a use of its own. */
function keyOf(guest: string, id: string): string {
	return `${id} ${guest}`;
}
