/**
 * Kinds of memory in an account.
 * - `linear`: linear memories and tables.
 * - `instance`: the fixed cost of an instance.
 * - `sessions`: messages, tools and options of chat sessions.
 * - `queues`: events and input that wait in streams and realtime sessions, and the partial answers of streams.
 * - `media`: bytes on their way to and from the media store.
 * - `calls`: arguments of calls in flight, and the answer that the guest is about to read.
 */
export const MEMORY_KINDS = ["linear", "instance", "sessions", "queues", "media", "calls"] as const;

export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** Kinds of memory that the host holds on a guest's behalf. */
export type HostMemoryKind = Exclude<MemoryKind, "linear" | "instance">;

/** The memory that the host holds on behalf of one guest instance, as hostcalls charge it. */
export interface HostMemory {
	/**
	 * Charges bytes before the host holds them. Checks the growth of the linear memory first.
	 *
	 * @throws SpearError `not_permitted` beyond the limit of the account; `rate_limited` if the host has no room; `cancelled` after the end
	 * of the instance.
	 */
	charge(kind: HostMemoryKind, bytes: number): void;
	/** Checks as `charge` does, and charges nothing. */
	assertRoom(kind: HostMemoryKind, bytes: number): void;
	/** Charges bytes that the host holds already, without a check. */
	count(kind: HostMemoryKind, bytes: number): void;
	/** Releases bytes that were charged or counted. */
	release(kind: HostMemoryKind, bytes: number): void;
	/** Returns true if a charge of that many bytes would succeed. Linear memory counts as of its last sample. */
	hasRoom(bytes: number): boolean;
	/** Counts the answer of a call until `taken`, or until the next answer. */
	deliver(bytes: number): void;
	/** Releases the answer that was delivered last, because the guest has its own copy. */
	taken(): void;
}

/** The linear memory of one guest instance, as the engine reports it. */
export interface LinearMemory {
	/** Sets the function that returns the bytes of the linear memories and tables now. Called often: it must be cheap. */
	attach(read: () => number): void;
	/**
	 * Reads the size of the linear memory. Returns `refused` if the memory has grown and the host has no room for it: the engine must end
	 * the guest then.
	 */
	checkGrowth(): "ok" | "refused";
}

/** Memory of one account, in bytes. */
export interface AccountUse {
	readonly limit: number;
	readonly used: number;
	readonly kinds: Readonly<Record<MemoryKind, number>>;
}

/** Memory that belongs to no account: that of the embedder's own clients. */
export const UNACCOUNTED: HostMemory = {
	charge() {},
	assertRoom() {},
	count() {},
	release() {},
	hasRoom: () => true,
	deliver() {},
	taken() {},
};
