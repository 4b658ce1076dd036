import { SpearError } from "../errors/spear-error.ts";
import { type AccountUse, type HostMemory, type HostMemoryKind, type LinearMemory, MEMORY_KINDS, type MemoryKind } from "./memory-kinds.ts";
import type { TotalMember, TotalMemory } from "./total-memory.ts";

/** Position of each kind in the counters of an account. */
const INDEX: Readonly<Record<MemoryKind, number>> = { linear: 0, instance: 1, sessions: 2, queues: 3, media: 4, calls: 5 };
const LINEAR = INDEX.linear;

export interface MemoryAccountOptions {
	/** Most bytes of the account. */
	readonly limit: number;
	/** The sum that the account belongs to. */
	readonly total: TotalMemory;
	/** Bytes of the linear memories and tables at the start, which count until the instance attaches its own. The default is 0. */
	readonly initialBytes?: number;
	/** Bytes that an instance costs beside its linear memory. The default is 0. */
	readonly overheadBytes?: number;
	/** Ends the instance. Called once, when its linear memory has grown and the host has no room for it. */
	readonly onEvict?: (error: SpearError) => void;
}

/**
 * All memory that one guest instance holds, by kind, with a limit. A charge is some additions: it allocates nothing.
 *
 * Memory that a guest asks the host to hold is charged before it is held, and refused beyond the limit. Bytes that have arrived from an
 * upstream are counted without a check: the producer waits, or the next call is refused.
 */
export class MemoryAccount implements HostMemory, LinearMemory, TotalMember {
	readonly #options: MemoryAccountOptions;
	readonly #bytes = new Float64Array(MEMORY_KINDS.length);
	#used = 0;
	/** Bytes of the answer that the guest received last. */
	#delivered = 0;
	#read: (() => number) | undefined;
	/** Size of the linear memory when the sum was within its limit last. */
	#settledLinear: number;
	#evicted = false;
	#closed = false;

	constructor(options: MemoryAccountOptions) {
		const { total, initialBytes = 0, overheadBytes = 0 } = options;
		this.#options = options;
		this.#settledLinear = initialBytes;
		total.join(this);
		this.count("linear", initialBytes);
		this.count("instance", overheadBytes);
	}

	/** Most bytes of the account. */
	get limit(): number {
		return this.#options.limit;
	}

	get used(): number {
		return this.#used;
	}

	get growth(): number {
		return (this.#bytes[LINEAR] ?? 0) - this.#settledLinear;
	}

	get evicted(): boolean {
		return this.#evicted;
	}

	/** Returns the bytes of each kind. */
	report(): AccountUse {
		this.sample();
		const [linear = 0, instance = 0, sessions = 0, queues = 0, media = 0, calls = 0] = this.#bytes;
		return { limit: this.limit, used: this.#used, kinds: { linear, instance, sessions, queues, media, calls } };
	}

	charge(kind: HostMemoryKind, bytes: number): void {
		this.assertRoom(kind, bytes);
		this.count(kind, bytes);
	}

	assertRoom(kind: HostMemoryKind, bytes: number): void {
		const { limit, total } = this.#options;
		if (this.#closed) throw new SpearError("cancelled", "the instance has ended");
		if (this.checkGrowth() === "refused") throw evictionError(total);
		if (this.#used + bytes > limit) throw this.#refusal(kind, bytes);
		if (!total.fits(bytes)) throw hostRefusal(kind, bytes, total);
	}

	count(kind: MemoryKind, bytes: number): void {
		const index = INDEX[kind];
		this.#bytes[index] = (this.#bytes[index] ?? 0) + bytes;
		this.#used += bytes;
		this.#options.total.add(bytes);
	}

	release(kind: MemoryKind, bytes: number): void {
		if (bytes === 0) return;
		const index = INDEX[kind];
		this.#bytes[index] = (this.#bytes[index] ?? 0) - bytes;
		this.#used -= bytes;
		this.#options.total.remove(bytes);
		this.#leaveIfEmpty();
	}

	hasRoom(bytes: number): boolean {
		return this.#used + bytes <= this.limit && this.#options.total.fits(bytes);
	}

	deliver(bytes: number): void {
		this.taken();
		if (this.#closed) return;
		this.count("calls", bytes);
		this.#delivered = bytes;
	}

	taken(): void {
		const bytes = this.#delivered;
		this.#delivered = 0;
		this.release("calls", bytes);
	}

	attach(read: () => number): void {
		if (!this.#closed) this.#read = read;
	}

	sample(): void {
		const read = this.#read;
		if (read === undefined) return;
		const { total } = this.#options;
		const bytes = read();
		const before = this.#bytes[LINEAR] ?? 0;
		if (bytes > before) this.count("linear", bytes - before);
		else if (bytes < before) this.release("linear", before - bytes);
		if (total.allowsGrowth) this.#settledLinear = bytes;
	}

	checkGrowth(): "ok" | "refused" {
		this.sample();
		if (!this.#evicted && this.growth > 0) this.#options.total.relieve();
		return this.#evicted ? "refused" : "ok";
	}

	evict(): void {
		if (this.#evicted) return;
		this.#evicted = true;
		this.#options.onEvict?.(evictionError(this.#options.total));
	}

	/** Ends the account with its instance. What the host still holds, such as bytes on their way to a file, counts until its release. */
	close(): void {
		if (this.#closed) return;
		this.taken();
		this.#closed = true;
		this.#read = undefined;
		this.release("linear", this.#bytes[LINEAR] ?? 0);
		this.release("instance", this.#bytes[INDEX.instance] ?? 0);
		this.#leaveIfEmpty();
	}

	#leaveIfEmpty(): void {
		if (this.#closed && this.#used === 0) this.#options.total.leave(this);
	}

	#refusal(kind: HostMemoryKind, bytes: number): SpearError {
		return new SpearError(
			"not_permitted",
			`${kind}: ${bytes} bytes more do not fit into the memory account of this instance, which holds ${this.#used} of ${this.limit} bytes (max_instance_bytes); drop sessions, streams and media that are no longer needed`,
		);
	}
}

function hostRefusal(kind: HostMemoryKind, bytes: number, { used, limit }: TotalMemory): SpearError {
	return new SpearError(
		"rate_limited",
		`${kind}: ${bytes} bytes more do not fit into the memory of this host's guests, which hold ${used} of ${limit} bytes (max_total_memory_bytes); try again later`,
		{ retryable: true, reason: "host_memory_limit", attribution: "caller" },
	);
}

function evictionError({ used, limit }: TotalMemory): SpearError {
	return new SpearError(
		"rate_limited",
		`out of memory: the guest's memory grew while the guests of this host held ${used} of ${limit} bytes (max_total_memory_bytes); try again later`,
		{ retryable: true, reason: "host_memory_limit", attribution: "caller" },
	);
}
