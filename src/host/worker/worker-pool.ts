import { GuestThread } from "./guest-thread.ts";

export interface WorkerPoolOptions {
	/** Threads that wait for a guest, and most threads that wait for the next instance of their guest. */
	readonly size: number;
	/** Memory of a guest, in bytes. */
	readonly maxMemoryBytes: number;
}

interface IdleThread {
	readonly guest: string;
	readonly thread: GuestThread;
}

/**
 * Threads for guests in workers. A thread that has run a guest runs only that guest from then on, by its identity. Threads that no guest has
 * used wait ready, so that an instance need not wait for the start of a thread.
 */
export class WorkerPool {
	#options: WorkerPoolOptions;
	/** Threads that no guest has used. */
	#fresh: GuestThread[] = [];
	/** Threads that wait for the next instance of their guest, the longest idle first. */
	#idle: IdleThread[] = [];
	readonly #all = new Set<GuestThread>();
	#closed = false;

	constructor(options: WorkerPoolOptions) {
		this.#options = options;
	}

	/** Number of threads, with those in use. */
	get size(): number {
		return this.#all.size;
	}

	/** Replaces the options. Threads keep the limits that they were started with. */
	configure(options: WorkerPoolOptions): void {
		const isOther = options.maxMemoryBytes !== this.#options.maxMemoryBytes;
		this.#options = options;
		const dropped = this.#fresh.splice(isOther ? 0 : options.size);
		const left = this.#idle.splice(0, isOther ? this.#idle.length : Math.max(0, this.#idle.length - options.size));
		for (const thread of [...dropped, ...left.map(({ thread }) => thread)]) void thread.terminate();
		if (dropped.length > 0) this.warm();
	}

	/** Starts threads until enough wait for a guest. */
	warm(): void {
		while (!this.#closed && this.#fresh.length < this.#options.size) this.#fresh.push(this.#start());
	}

	/**
	 * Takes a thread for an instance of a guest.
	 *
	 * @throws Error if the thread cannot start.
	 */
	async acquire(guest: string): Promise<GuestThread> {
		const known = this.#idle.findLastIndex((idle) => idle.guest === guest);
		const idle = known === -1 ? undefined : this.#idle.splice(known, 1)[0];
		const thread = idle?.thread ?? this.#fresh.shift() ?? this.#start();
		// After this instance has started, because starting a thread takes a processor for a while.
		if (idle === undefined) void thread.ready.then(() => setImmediate(() => this.warm())).catch(() => {});
		thread.setBusy(true);
		await thread.ready;
		return thread;
	}

	/** Returns a thread that is in order, for further instances of the same guest. */
	release(thread: GuestThread, guest: string): void {
		thread.use(undefined);
		if (thread.hasEnded) return;
		this.#idle.push({ guest, thread });
		const tooMany = this.#closed ? this.#idle.length : this.#idle.length - this.#options.size;
		for (const idle of this.#idle.splice(0, Math.max(0, tooMany))) void idle.thread.terminate();
	}

	/** Ends the idle threads of a guest that has no agent any more. */
	forget(guest: string): void {
		for (const idle of this.#idle.filter((each) => each.guest === guest)) void idle.thread.terminate();
		this.#idle = this.#idle.filter((each) => each.guest !== guest);
	}

	/** Ends every thread, at once. Resolves when they have ended. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#fresh = [];
		this.#idle = [];
		await Promise.all([...this.#all].map((thread) => thread.terminate()));
	}

	#start(): GuestThread {
		const thread = new GuestThread(this.#options.maxMemoryBytes);
		this.#all.add(thread);
		const remove = (): void => {
			this.#all.delete(thread);
			this.#fresh = this.#fresh.filter((each) => each !== thread);
			this.#idle = this.#idle.filter((each) => each.thread !== thread);
		};
		void thread.exited.then(remove);
		return thread;
	}
}
