import { EBADF, ENOMEM, type Status } from "../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../generated/hostcall/core/poll.ts";
import type { JsonObject } from "../../../generated/ir/json.ts";

/** Kinds of descriptors, as guests see them. */
export type FdKind = "ChatSession" | "ChatResponse" | "Epoll" | "RtAsr" | "Mic" | "UserStream" | "UserStreamCtl";

/** Number of the first descriptor. */
const FIRST_FD = 1000;

/** Largest number that the ABI can return. */
const MAX_FD = 2 ** 31 - 1;

/** Closed descriptors whose state stays readable. Older ones are known as closed only. Otherwise a guest that opens and closes would fill the host. */
const MAX_REMEMBERED = 256;

/** Most watchers of a descriptor. Each change notifies all of them, within one call of the guest. */
const MAX_WATCHERS = 16;

/** The object behind a descriptor. */
export abstract class FdObject implements Disposable {
	abstract readonly kind: FdKind;

	/** Set by the table. The object calls it when its mask may have changed, and after each read and write of the guest. */
	onChange: () => void = () => {};

	/** Returns the events that the object is ready for, as a sum of {@link Events}. The table adds `epollhup` to closed descriptors. */
	abstract mask(): number;

	/** Returns the counts of the object. The default is none. */
	metrics(): JsonObject {
		return {};
	}

	/** Releases what the object holds. Called once, when the descriptor is closed or the instance ends. */
	[Symbol.dispose](): void {}
}

/** Is notified of changes of descriptors. */
export interface FdWatcher {
	/** The mask of the descriptor may have changed, or the guest has read or written. */
	changed(fd: number): void;
}

/** A descriptor: open, or closed and remembered. */
export class FdEntry {
	readonly fd: number;
	readonly kind: FdKind;
	/** True if the flag `O_NONBLOCK` is set. */
	isNonblocking = false;
	readonly #watchers = new Set<FdWatcher>();
	/** Absent after the close. */
	#object: FdObject | undefined;
	#lastMask = 0;
	#lastMetrics: JsonObject = {};

	constructor(fd: number, object: FdObject) {
		this.fd = fd;
		this.kind = object.kind;
		this.#object = object;
		object.onChange = () => this.#notify();
	}

	/** The object of an open descriptor. */
	get object(): FdObject | undefined {
		return this.#object;
	}

	get isClosed(): boolean {
		return this.#object === undefined;
	}

	/** Events that the descriptor is ready for. A closed descriptor keeps its error, and can be neither read nor written. */
	get mask(): number {
		return this.#object?.mask() ?? this.#lastMask;
	}

	/** Counts of the object, up to its close. */
	get metrics(): JsonObject {
		return this.#object?.metrics() ?? this.#lastMetrics;
	}

	/** Notifies `watcher` of changes. Has no effect on a closed descriptor, which never changes. Returns false if there are too many watchers. */
	watch(watcher: FdWatcher): boolean {
		if (this.#object === undefined || this.#watchers.has(watcher)) return true;
		if (this.#watchers.size >= MAX_WATCHERS) return false;
		this.#watchers.add(watcher);
		return true;
	}

	unwatch(watcher: FdWatcher): void {
		this.#watchers.delete(watcher);
	}

	/** Closes the descriptor and disposes its object. Safe to call twice. */
	close(): void {
		const object = this.#object;
		if (object === undefined) return;
		this.#lastMask = (object.mask() & Events.epollerr) | Events.epollhup;
		this.#lastMetrics = object.metrics();
		this.#object = undefined;
		object.onChange = () => {};
		this.#notify();
		this.#watchers.clear();
		object[Symbol.dispose]();
	}

	#notify(): void {
		for (const watcher of this.#watchers) watcher.changed(this.fd);
	}
}

/** The descriptors of one instance. Numbers rise and are never reused. */
export class FdTable implements Disposable {
	readonly #max: number;
	readonly #open = new Map<number, FdEntry>();
	/** Descriptors that were closed last, the oldest first. */
	readonly #closed = new Map<number, FdEntry>();
	#next = FIRST_FD;

	/** @param max Most open descriptors. */
	constructor(max: number) {
		this.#max = max;
	}

	/** Number of open descriptors. */
	get size(): number {
		return this.#open.size;
	}

	/** Opens a descriptor. Returns its number; or disposes the object and returns `enomem` if too many are open. */
	open(object: FdObject): number {
		if (this.#open.size >= this.#max || this.#next > MAX_FD) {
			object[Symbol.dispose]();
			return ENOMEM;
		}
		const fd = this.#next++;
		this.#open.set(fd, new FdEntry(fd, object));
		return fd;
	}

	/** Returns the object of an open descriptor, or `ebadf` if it is not of the class. */
	get<T extends FdObject>(fd: number, type: abstract new (...args: never[]) => T): T | typeof EBADF {
		const object = this.#open.get(fd)?.object;
		return object instanceof type ? object : EBADF;
	}

	/** Returns a descriptor that is open, or was closed of late. */
	entry(fd: number): FdEntry | undefined {
		return this.#open.get(fd) ?? this.#closed.get(fd);
	}

	/** Returns true for each number that was ever open. */
	isKnown(fd: number): boolean {
		return fd >= FIRST_FD && fd < this.#next;
	}

	/** Closes a descriptor of any kind. Returns 0 for one that is closed already. */
	close(fd: number): Status {
		const entry = this.#open.get(fd);
		if (entry === undefined) return this.isKnown(fd) ? 0 : EBADF;
		this.#open.delete(fd);
		this.#remember(entry);
		entry.close();
		return 0;
	}

	/** Closes every descriptor. Disposes the others also if an object throws. */
	[Symbol.dispose](): void {
		using entries = new DisposableStack();
		for (const entry of this.#open.values()) entries.defer(() => entry.close());
		this.#open.clear();
	}

	#remember(entry: FdEntry): void {
		this.#closed.set(entry.fd, entry);
		if (this.#closed.size <= MAX_REMEMBERED) return;
		for (const oldest of this.#closed.keys()) {
			this.#closed.delete(oldest);
			return;
		}
	}
}
