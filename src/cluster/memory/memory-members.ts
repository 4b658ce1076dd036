import { MAX_MEMBERS, MAX_MESSAGES, type Members, type Renewal, type RenewResult, type StoredMembers } from "../members.ts";

interface Place {
	readonly renewal: Renewal;
	readonly seenAtMs: number;
	readonly expiresAtMs: number;
}

interface Message {
	readonly text: string;
	readonly expiresAtMs: number;
}

/** The hosts of one process. */
export class MemoryMembers implements Members {
	readonly #now: () => number;
	readonly #places = new Map<string, Place>();
	readonly #messages = new Map<string, Message[]>();
	readonly #listeners = new Map<string, Set<() => void>>();
	#right: { readonly instance: string; readonly expiresAtMs: number } | undefined;

	/** @param now Returns milliseconds since 1970. */
	constructor(now: () => number) {
		this.#now = now;
	}

	async renew(renewal: Renewal): Promise<RenewResult> {
		const { name, instance, digest, ttlMs, takeOver = false } = renewal;
		const places = this.#live();
		const holder = places.get(name)?.renewal.instance;
		if (holder !== undefined && holder !== instance && !takeOver) return { type: "held", by: holder };
		const now = this.#now();
		places.set(name, { renewal, seenAtMs: now, expiresAtMs: now + ttlMs });
		const sameConfig = [...places.values()].filter((place) => place.renewal.digest === digest).length;
		return { type: "renewed", hosts: places.size, sameConfig, messages: this.#messages.get(instance)?.length ?? 0 };
	}

	async leave(name: string, instance: string): Promise<void> {
		if (this.#places.get(name)?.renewal.instance !== instance) return;
		this.#places.delete(name);
		this.#messages.delete(instance);
	}

	async list(): Promise<StoredMembers> {
		const places = [...this.#live()].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_MEMBERS);
		const members = places.map(
			([
				name,
				{
					renewal: { instance, card },
					seenAtMs,
				},
			]) => ({ name, instance, card, seenAtMs }),
		);
		return { atMs: this.#now(), members, refused: [] };
	}

	async hold(instance: string, ttlMs: number): Promise<boolean> {
		const now = this.#now();
		const holder = this.#right;
		if (holder !== undefined && holder.instance !== instance && holder.expiresAtMs > now) return false;
		this.#right = { instance, expiresAtMs: now + ttlMs };
		return true;
	}

	async release(instance: string): Promise<void> {
		if (this.#right?.instance === instance) this.#right = undefined;
	}

	async send(to: string, message: string, ttlMs: number): Promise<void> {
		const waiting = [...(this.#messages.get(to) ?? []), { text: message, expiresAtMs: this.#now() + ttlMs }];
		this.#messages.set(to, waiting.slice(-MAX_MESSAGES));
		queueMicrotask(() => {
			for (const listener of this.#listeners.get(to) ?? []) listener();
		});
	}

	async receive(instance: string): Promise<readonly string[]> {
		const now = this.#now();
		const waiting = this.#messages.get(instance) ?? [];
		this.#messages.delete(instance);
		return waiting.filter(({ expiresAtMs }) => expiresAtMs > now).map(({ text }) => text);
	}

	onMessage(instance: string, listener: () => void): () => void {
		const listeners = this.#listeners.get(instance) ?? new Set();
		this.#listeners.set(instance, listeners);
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	#live(): Map<string, Place> {
		const now = this.#now();
		for (const [name, { expiresAtMs }] of this.#places) if (expiresAtMs <= now) this.#places.delete(name);
		return this.#places;
	}
}
