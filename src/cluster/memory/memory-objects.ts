import type { ContentUse, DueContent, FoundObject, NewObject, Renewal, Reservation, ReserveResult, SharedObjects } from "../objects.ts";

/** Time for which the host that removes an object may delete its content alone, in milliseconds. */
const DELETION_MS = 60_000;

interface Entry {
	state: "writing" | "live" | "doomed";
	/** Bytes that count against the quota. */
	counted: number;
	/** Time at which a writer counts as dead, an object expires, or a deletion is tried next. */
	at: number;
	isComplete: boolean;
	object: NewObject | undefined;
	/** End of the use by each host. */
	readonly uses: Map<string, number>;
}

/** Media objects in this process. */
export class MemoryObjects implements SharedObjects {
	readonly #now: () => number;
	readonly #guests = new Map<string, Map<string, Entry>>();

	constructor(now: () => number) {
		this.#now = now;
	}

	async reserve(guest: string, request: Reservation): Promise<ReserveResult> {
		const { id, isFirst, bytes, wantedBytes, quotaBytes, maxObjects, leaseMs } = request;
		this.#purge(guest);
		const entries = this.#guests.get(guest) ?? new Map<string, Entry>();
		this.#guests.set(guest, entries);
		const present = entries.get(id);
		if (isFirst) {
			const objects = [...entries.values()].filter(({ state }) => state !== "doomed").length;
			if (objects >= maxObjects) return { refused: "objects" };
		} else if (present?.state !== "writing") return { refused: "lost" };
		if (this.#used(guest) - (present?.counted ?? 0) + bytes > quotaBytes) this.#releaseUnused(entries);
		const others = this.#used(guest) - (present?.counted ?? 0);
		const granted = others + wantedBytes <= quotaBytes ? wantedBytes : bytes;
		if (others + granted > quotaBytes) return { refused: "bytes", used: this.#used(guest) };
		const at = this.#now() + leaseMs;
		if (present === undefined)
			entries.set(id, { state: "writing", counted: granted, at, isComplete: false, object: undefined, uses: new Map() });
		else Object.assign(present, { counted: granted, at });
		return { granted };
	}

	async commit(guest: string, object: NewObject): Promise<number | undefined> {
		const entry = this.#guests.get(guest)?.get(object.id);
		if (entry?.state !== "writing" || entry.counted < object.size) return undefined;
		Object.assign(entry, { state: "live", counted: object.size, at: this.#now() + object.lifetimeMs, isComplete: true, object });
		return object.lifetimeMs;
	}

	async find(guest: string, id: string, { host, leaseMs }: ContentUse): Promise<FoundObject | undefined> {
		const entry = this.#guests.get(guest)?.get(id);
		if (entry?.state !== "live" || entry.object === undefined || entry.at <= this.#now()) return undefined;
		const { size, sha256, mimeType } = entry.object;
		entry.uses.set(host, this.#now() + leaseMs);
		return { size, sha256, mimeType, remainingMs: Math.ceil(entry.at - this.#now()) };
	}

	async renew(guest: string, { host, leaseMs, writing, used }: Renewal): Promise<void> {
		const until = this.#now() + leaseMs;
		for (const id of writing) {
			const entry = this.#guests.get(guest)?.get(id);
			if (entry?.state === "writing") entry.at = until;
		}
		for (const id of used) this.#guests.get(guest)?.get(id)?.uses.set(host, until);
	}

	async release(guest: string, ids: readonly string[], host: string): Promise<void> {
		for (const id of ids) {
			const entry = this.#guests.get(guest)?.get(id);
			entry?.uses.delete(host);
			if (entry?.state === "doomed" && entry.counted > 0 && this.#usedUntil(entry) <= this.#now()) entry.at = this.#now();
		}
	}

	async remove(guest: string, id: string, host: string | undefined): Promise<DueContent | "later" | "unknown"> {
		const entry = this.#guests.get(guest)?.get(id);
		if (entry === undefined || entry.state === "doomed") return "unknown";
		if (host !== undefined) entry.uses.delete(host);
		if (!this.#doom(entry)) return "later";
		entry.at = this.#now() + DELETION_MS;
		return { guest, id, isComplete: entry.isComplete };
	}

	async takeDue(limit: number, leaseMs: number): Promise<readonly DueContent[]> {
		const due: DueContent[] = [];
		for (const [guest, entries] of [...this.#guests].slice(0, limit)) {
			this.#purge(guest);
			const doomed = [...entries].filter(([, { state, at }]) => state === "doomed" && at <= this.#now()).slice(0, limit);
			for (const [id, entry] of doomed) {
				const until = this.#usedUntil(entry);
				if (until > this.#now()) {
					entry.at = until;
					continue;
				}
				entry.counted = 0;
				entry.at = this.#now() + leaseMs;
				due.push({ guest, id, isComplete: entry.isComplete });
			}
		}
		return due;
	}

	async forget(guest: string, contents: readonly DueContent[]): Promise<void> {
		const entries = this.#guests.get(guest);
		for (const { id } of contents) if (entries?.get(id)?.state === "doomed") entries.delete(id);
		if (entries?.size === 0) this.#guests.delete(guest);
	}

	async usedBy(guest: string): Promise<number> {
		return this.#used(guest);
	}

	#used(guest: string): number {
		return [...(this.#guests.get(guest)?.values() ?? [])].reduce((sum, { counted }) => sum + counted, 0);
	}

	/** Dooms expired objects, and those of dead writers. */
	#purge(guest: string): void {
		for (const entry of this.#guests.get(guest)?.values() ?? []) if (entry.state !== "doomed" && entry.at <= this.#now()) this.#doom(entry);
	}

	/** Releases the bytes of doomed contents whose use has ended. */
	#releaseUnused(entries: ReadonlyMap<string, Entry>): void {
		for (const entry of entries.values()) if (entry.state === "doomed" && this.#usedUntil(entry) <= this.#now()) entry.counted = 0;
	}

	/** Returns true if no host uses the content. */
	#doom(entry: Entry): boolean {
		const until = this.#usedUntil(entry);
		const isFree = until <= this.#now();
		Object.assign(entry, { state: "doomed", at: Math.max(until, this.#now()), object: undefined });
		if (isFree) entry.counted = 0;
		return isFree;
	}

	#usedUntil(entry: Entry): number {
		return Math.max(0, ...entry.uses.values());
	}
}
