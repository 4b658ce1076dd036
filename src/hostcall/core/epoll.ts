import { EBADF, EINVAL, ENOMEM, type Status } from "../../../generated/hostcall/core/errno.ts";
import { Events, Operation, type Ready } from "../../../generated/hostcall/core/poll.ts";
import { nextTurn } from "../../async/event-loop-turn.ts";
import { abortError } from "../../errors/spear-error.ts";
import { Charge } from "../../memory/charge.ts";
import { Notifier } from "../../stream/readiness.ts";
import type { CoreScope } from "./core-scope.ts";
import { type FdEntry, FdObject, type FdTable, type FdWatcher } from "./fd-table.ts";
import { waitUntil } from "./wait-until.ts";

/** Parts of a scope that an epoll uses. */
export type EpollScope = Pick<CoreScope, "clock" | "signal" | "memory">;

const ALL_EVENTS = Events.epollin | Events.epollout | Events.epollerr | Events.epollhup;

/** Memory of a watched descriptor, in bytes. Includes a closed descriptor, which stays while it is watched. */
const WATCH_BYTES = 1024;

/**
 * Shortest and longest pause before an answer is repeated, in milliseconds. With the longest, an idle guest that asks for `epollout` takes less than
 * 1 % of a processor. Measured: with 16 ms it takes more than 2 %.
 */
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 64;

interface Watch {
	/** Absent for a descriptor that was closed long ago. */
	readonly entry: FdEntry | undefined;
	/** Events that the guest asks for. */
	interest: number;
}

/**
 * A set of descriptors that a guest waits for, level-triggered.
 *
 * A guest that asks for `epollout` would never wait: most descriptors can be written at any time. So an answer is repeated after a pause only,
 * which grows while no watched descriptor changes and the guest uses none. Each change ends the pause. Otherwise such a guest would keep a
 * processor busy while it is idle.
 */
export class Epoll extends FdObject implements FdWatcher {
	readonly kind = "Epoll";
	readonly #scope: EpollScope;
	readonly #charge: Charge;
	readonly #watches = new Map<number, Watch>();
	/** Watched descriptors that may be ready. All others have not changed since they were not ready. */
	readonly #candidates = new Set<number>();
	readonly #change = new Notifier();
	/** True if something has changed since the last answer. */
	#isChanged = true;
	#pauseMs = MIN_PAUSE_MS;
	#isClosed = false;

	constructor(scope: EpollScope) {
		super();
		this.#scope = scope;
		this.#charge = new Charge(scope.memory, "sessions");
	}

	mask(): number {
		return 0;
	}

	/**
	 * Watches a descriptor, or replaces the events of one that is watched. Returns `enomem` if the guest has no memory left, or too many epolls watch
	 * the descriptor.
	 */
	watch(fd: number, entry: FdEntry | undefined, events: number): Status {
		const interest = events & ALL_EVENTS;
		const watched = this.#watches.get(fd);
		if (watched === undefined) {
			if (!this.#scope.memory.hasRoom(WATCH_BYTES) || entry?.watch(this) === false) return ENOMEM;
			this.#charge.count(WATCH_BYTES);
			this.#watches.set(fd, { entry, interest });
		} else watched.interest = interest;
		this.changed(fd);
		return 0;
	}

	/** Watches a descriptor no longer. */
	unwatch(fd: number): void {
		const watched = this.#watches.get(fd);
		if (watched === undefined) return;
		watched.entry?.unwatch(this);
		this.#watches.delete(fd);
		this.#candidates.delete(fd);
		this.#charge.release(WATCH_BYTES);
	}

	changed(fd: number): void {
		this.#candidates.add(fd);
		this.#isChanged = true;
		this.#change.notifyAll();
	}

	/**
	 * Waits until a descriptor is ready, and returns those that are, in ascending order. Returns none after the time, and `ebadf` after the
	 * epoll was closed.
	 *
	 * @param max Most descriptors to return.
	 * @param timeoutMs Longest wait, in milliseconds. Negative for none.
	 * @throws SpearError the reason of the signal once that is aborted.
	 */
	async wait(max: number, timeoutMs: number): Promise<readonly Ready[] | typeof EBADF> {
		const { clock, signal } = this.#scope;
		await nextTurn();
		const end = timeoutMs < 0 ? Number.POSITIVE_INFINITY : clock.now() + timeoutMs;
		let isPaused = false;
		for (;;) {
			if (signal.aborted) throw abortError(signal);
			if (this.#isClosed) return EBADF;
			const ready = this.#ready(max);
			const left = end - clock.now();
			if (left <= 0 || (ready.length > 0 && (isPaused || this.#isChanged))) return this.#answer(ready, isPaused);
			isPaused = ready.length > 0;
			await waitUntil({ clock, signal, ms: isPaused ? Math.min(left, this.#pauseMs) : left, change: this.#change });
		}
	}

	/** Ends the waits for this epoll. */
	override [Symbol.dispose](): void {
		this.#isClosed = true;
		for (const fd of [...this.#watches.keys()]) this.unwatch(fd);
		this.#charge.close();
		this.#change.notifyAll();
	}

	#answer(ready: readonly Ready[], isPaused: boolean): readonly Ready[] {
		if (this.#isChanged) this.#pauseMs = MIN_PAUSE_MS;
		else if (isPaused) this.#pauseMs = Math.min(2 * this.#pauseMs, MAX_PAUSE_MS);
		if (ready.length > 0) this.#isChanged = false;
		return ready;
	}

	#ready(max: number): readonly Ready[] {
		const ready: Ready[] = [];
		for (const fd of this.#candidates) {
			const watched = this.#watches.get(fd);
			const events = watched === undefined ? 0 : (watched.entry?.mask ?? Events.epollhup) & watched.interest;
			if (events === 0) this.#candidates.delete(fd);
			else ready.push({ fd, events });
		}
		return ready.sort((a, b) => a.fd - b.fd).slice(0, max);
	}
}

/** Changes what an epoll watches. The order of the checks is part of the ABI. */
export function controlEpoll(fds: FdTable, epfd: number, operation: number, fd: number, events: number): Status {
	if (epfd === fd) return EINVAL;
	if (!fds.isKnown(epfd) || !fds.isKnown(fd)) return EBADF;
	const epoll = fds.get(epfd, Epoll);
	if (epoll === EBADF) return EBADF;
	const entry = fds.entry(fd);
	if (entry?.kind === "Epoll") return EINVAL;
	if (operation === Operation.add || operation === Operation.modify) return epoll.watch(fd, entry, events);
	if (operation !== Operation.delete) return EINVAL;
	epoll.unwatch(fd);
	return 0;
}
