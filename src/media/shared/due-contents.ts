import type { SharedObjects } from "../../cluster/objects.ts";
import { StoreError } from "../../cluster/store-error.ts";
import type { ContentStore } from "./contents/content-store.ts";

/** Time between two looks for contents to delete, in milliseconds. */
const INTERVAL_MS = 15_000;

/** Time for which a host that takes contents deletes them alone, in milliseconds. */
const DELETION_MS = 60_000;

/** Most guests of a look, and most contents of each. */
const LIMIT = 100;

/** Shortest and longest time between two looks for contents without a record, in milliseconds. */
const ABANDONED_INTERVAL = { minMs: 600_000, maxMs: 21_600_000 } as const;

export interface DueContentsOptions {
	readonly objects: SharedObjects;
	readonly contents: ContentStore;
	/** Longest lifetime of an object, in milliseconds. */
	readonly lifetimeMs: number;
	readonly onFault: (cause: unknown) => void;
}

/** Deletes contents that no object needs any more, also those of other hosts. Hosts take turns by chance. */
export class DueContents {
	readonly #options: DueContentsOptions;
	readonly #abandonedIntervalMs: number;
	#timer: NodeJS.Timeout | undefined;
	#running: Promise<void> = Promise.resolve();
	#abandonedAt = 0;
	#closed = false;

	constructor(options: DueContentsOptions) {
		this.#options = options;
		const { minMs, maxMs } = ABANDONED_INTERVAL;
		this.#abandonedIntervalMs = Math.min(Math.max(options.lifetimeMs / 4, minMs), maxMs);
		this.#schedule();
	}

	/** Deletes the contents that are due. */
	async delete(): Promise<void> {
		const { objects, contents } = this.#options;
		for (const content of await objects.takeDue(LIMIT, DELETION_MS)) {
			if (this.#closed) return;
			try {
				await contents.remove(content.id, content.isComplete);
				await objects.forget(content.guest, [content]);
			} catch (thrown) {
				this.#report(thrown);
			}
		}
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#timer);
		await this.#running;
	}

	#schedule(): void {
		if (this.#closed) return;
		this.#timer = setTimeout(
			() => {
				this.#running = this.#look().finally(() => this.#schedule());
			},
			INTERVAL_MS * (0.5 + Math.random()),
		).unref();
	}

	async #look(): Promise<void> {
		try {
			await this.delete();
			const now = performance.now();
			if (now < this.#abandonedAt) return;
			this.#abandonedAt = now + this.#abandonedIntervalMs * (0.5 + Math.random());
			await this.#options.contents.removeAbandoned();
		} catch (thrown) {
			this.#report(thrown);
		}
	}

	/** Reports a failure. The host tells by itself that the store is unreachable. */
	#report(thrown: unknown): void {
		if (!(thrown instanceof StoreError) || thrown.reason !== "unreachable") this.#options.onFault(thrown);
	}
}
