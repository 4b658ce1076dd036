import type { LineBuffer } from "../../output/line-buffer.ts";

type StreamError = { tag: "closed" };
type Answer<T> = { tag: "ok"; val: T } | { tag: "err"; val: StreamError };

const CLOSED: Answer<never> = { tag: "err", val: { tag: "closed" } };
const WRITE_BUDGET = 65_536n;
const MAX_ZEROES = 65_536n;
/** Longest delay of `setTimeout`, in milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Returns nanoseconds of a clock that never goes back. */
export function monotonicNow(): bigint {
	return process.hrtime.bigint();
}

/** Effect of a close on the waits of the instance. */
export type WaitsAtClose =
	/** Waits end at once. The engine then ends the guest, and its stack is freed. */
	| "end"
	/** Waits never end. For an engine that cannot end a guest: it would go on. */
	| "stay";

/** Timers of one instance. */
export class Timers {
	readonly #pending = new Map<ReturnType<typeof setTimeout>, () => void>();
	readonly #waitsAtClose: WaitsAtClose;
	#closed = false;

	constructor(waitsAtClose: WaitsAtClose) {
		this.#waitsAtClose = waitsAtClose;
	}

	/** Resolves after `deadline`, in monotonic nanoseconds, and never before the event loop had a turn. */
	async until(deadline: bigint): Promise<void> {
		await new Promise<void>((resolve) => setImmediate(resolve));
		for (let left = deadline - monotonicNow(); left > 0n && !this.#closed; left = deadline - monotonicNow())
			await this.#sleep(Number(left) / 1e6);
		if (this.#closed && this.#waitsAtClose === "stay") await new Promise<never>(() => {});
	}

	close(): void {
		this.#closed = true;
		for (const [timer, resolve] of this.#pending) {
			clearTimeout(timer);
			if (this.#waitsAtClose === "end") resolve();
		}
		this.#pending.clear();
	}

	#sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(
				() => {
					this.#pending.delete(timer);
					resolve();
				},
				Math.min(Math.ceil(ms), MAX_TIMEOUT_MS),
			);
			this.#pending.set(timer, resolve);
		});
	}
}

/** Returns the classes of `wasi:io` for one instance. Waiting suspends the guest and never blocks the host's thread. */
export function wasiIo(timers: Timers) {
	/** A point in time: the deadline of a timer, or the past for a stream, which is always ready. */
	class Pollable {
		readonly deadline: bigint;
		constructor(deadline = 0n) {
			this.deadline = deadline;
		}
		ready(): boolean {
			return this.deadline <= monotonicNow();
		}
		block(): Promise<void> {
			return timers.until(this.deadline);
		}
	}

	async function poll(pollables: readonly Pollable[]): Promise<Uint32Array> {
		const deadlines = pollables.map((pollable) => pollable.deadline);
		const first = deadlines.reduce<bigint | undefined>((least, next) => (least === undefined || next < least ? next : least), undefined);
		if (first === undefined) return new Uint32Array();
		await timers.until(first);
		const now = monotonicNow();
		return Uint32Array.from(deadlines.flatMap((deadline, index) => (deadline <= now ? [index] : [])));
	}

	/** The resource class of stream errors. No stream fails with an error of its own, so no guest receives one. */
	class IoError {
		toDebugString(): string {
			return "input/output error";
		}
	}

	/** A stream that is always at its end. */
	class InputStream {
		read(): Answer<Uint8Array> {
			return CLOSED;
		}
		blockingRead(): Answer<Uint8Array> {
			return CLOSED;
		}
		skip(): Answer<bigint> {
			return CLOSED;
		}
		blockingSkip(): Answer<bigint> {
			return CLOSED;
		}
		subscribe(): Pollable {
			return new Pollable();
		}
	}

	/** Passes written bytes to the host's line buffer at once. Nothing is left to flush or to wait for. */
	class OutputStream {
		// Not private, because a declaration file cannot describe a private member of a class inside a function.
		readonly lines: LineBuffer;
		constructor(lines: LineBuffer) {
			this.lines = lines;
		}
		checkWrite(): Answer<bigint> {
			return { tag: "ok", val: WRITE_BUDGET };
		}
		write(bytes: Uint8Array): Answer<undefined> {
			this.lines.write(bytes);
			return { tag: "ok", val: undefined };
		}
		blockingWriteAndFlush(bytes: Uint8Array): Answer<undefined> {
			return this.write(bytes);
		}
		flush(): Answer<undefined> {
			return { tag: "ok", val: undefined };
		}
		blockingFlush(): Answer<undefined> {
			return { tag: "ok", val: undefined };
		}
		subscribe(): Pollable {
			return new Pollable();
		}
		writeZeroes(length: bigint): Answer<undefined> {
			return this.write(new Uint8Array(Number(length < MAX_ZEROES ? length : MAX_ZEROES)));
		}
		blockingWriteZeroesAndFlush(length: bigint): Answer<undefined> {
			return this.writeZeroes(length);
		}
		splice(): Answer<bigint> {
			return CLOSED;
		}
		blockingSplice(): Answer<bigint> {
			return CLOSED;
		}
	}

	return { Pollable, poll, IoError, InputStream, OutputStream };
}

export type WasiIo = ReturnType<typeof wasiIo>;
