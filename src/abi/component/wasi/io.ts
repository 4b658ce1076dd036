import type { LineBuffer } from "../../output/line-buffer.ts";
import { monotonicNow, type Timers } from "../../timers.ts";

type StreamError = { tag: "closed" };
type Answer<T> = { tag: "ok"; val: T } | { tag: "err"; val: StreamError };

const CLOSED: Answer<never> = { tag: "err", val: { tag: "closed" } };
const WRITE_BUDGET = 65_536n;
const MAX_ZEROES = 65_536n;

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
