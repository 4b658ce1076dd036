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
	readonly object: SharedObject;
	pins: number;
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
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: LeaseKeeperOptions) {
		this.#options = options;
	}

	/** Keeps a content that was just found, until the returned function is called. */
	pin(object: SharedObject): () => void {
		const use = this.#uses.get(object.id) ?? { object, pins: 0 };
		use.pins += 1;
		this.#uses.set(object.id, use);
		this.#start();
		let pinned = true;
		return () => {
			if (!pinned) return;
			pinned = false;
			use.pins -= 1;
			if (use.pins === 0) this.#uses.delete(object.id);
		};
	}

	isPinned(id: string): boolean {
		return this.#uses.has(id);
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
		const guests = new Set([
			...[...this.#uses.values()].map(({ object }) => object.guest),
			...[...this.#writers.values()].map(({ guest }) => guest),
		]);
		const uses = [...this.#uses.values()];
		for (const guest of guests) {
			const used = uses.filter(({ object }) => object.guest === guest).map(({ object }) => object.id);
			const writing = [...this.#writers].filter(([, writer]) => writer.guest === guest).map(([id]) => id);
			await this.#attempt(objects.renew(guest, { host, leaseMs: LEASE_MS, used, writing }));
		}
		for (const { object } of uses) {
			// The content of an object ends by itself some time after the object.
			if (object.expiresAt - now() < 2 * LEASE_MS) await this.#attempt(contents.keep(object.id, object.size, 4 * LEASE_MS));
		}
		for (const { content } of [...this.#writers.values()]) await this.#attempt(content.keep());
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#uses.clear();
		this.#writers.clear();
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
