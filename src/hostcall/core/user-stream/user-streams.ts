import { setTimeout } from "node:timers/promises";
import { LinkedList } from "../../../collections/linked-list.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { Notifier } from "../../../stream/readiness.ts";
import { checkFrame } from "./frame.ts";
import type { GuestStreams, StreamPeer } from "./stream-peer.ts";

/** A frame that waits for room in its stream. */
interface Waiting {
	readonly frame: Uint8Array;
	readonly resolve: () => void;
	readonly reject: (reason: SpearError) => void;
}

/**
 * The user's side of the streams of a guest that is a core module: frames to and from the guest while it runs. The streams of one object belong to
 * one run, or to one instance.
 *
 * ```ts
 * const streams = new UserStreams();
 * const running = agent.run("", { streams });
 * await streams.send(encodeFrame({ streamId: 1, type: FrameType.data, data: Buffer.from("hello") }));
 * for await (const frame of streams.frames()) {
 *   console.log(decodeFrame(frame).data);
 *   streams.close();
 * }
 * await running;
 * ```
 */
export class UserStreams implements Disposable {
	/** Frames that wait for room, by stream. */
	readonly #waiting = new Map<number, LinkedList<Waiting>>();
	/** Frames that the guest has left behind at its end. */
	readonly #left = new LinkedList<Uint8Array>();
	#guest: GuestStreams | undefined;
	#isTaken = false;
	#isClosed = false;
	/** Set when the run has ended. */
	#end: SpearError | undefined;
	/** Wakes the readers of frames. */
	#wake = Promise.withResolvers<void>();
	#isWaiting = false;
	/** Number of frames that the guest has read and written, and of begins and ends of its requests to models. */
	#activity = 0;
	/** Notified when the guest begins a wait, and at the end. */
	readonly #onIdle = new Notifier();

	/**
	 * Sends a frame to the guest. Resolves when the frame is in the queue of its stream: at once, or when the guest has read enough of those before
	 * it. Waits for the start of the run, too. The frames of a stream keep their order. The bytes are copied.
	 *
	 * @param frame The whole frame, as {@link encodeFrame} makes it.
	 * @throws SpearError `invalid_request` for bytes that are no frame, for a frame that is too large, for one stream too many, and after `close`.
	 * SpearError `cancelled` when the run ends before the frame has a place.
	 */
	async send(frame: Uint8Array): Promise<void> {
		const streamId = checkFrame(frame);
		if (this.#isClosed) throw new SpearError("invalid_request", "the streams are closed, and take no further frames");
		if (this.#end !== undefined) throw this.#end;
		const copy = frame.slice();
		const queue = this.#waiting.get(streamId);
		if (queue === undefined && this.#guest !== undefined) {
			const received = this.#guest.receive(streamId, copy);
			if (received === "added") return;
			if (received === "refused") throw tooManyStreams();
		}
		await new Promise<void>((resolve, reject) => {
			const waiting = queue ?? new LinkedList<Waiting>();
			waiting.append({ frame: copy, resolve, reject });
			this.#waiting.set(streamId, waiting);
		});
	}

	/**
	 * Yields the frames of all streams that the guest writes, in order, until the run has ended or the streams are closed, and no frame is left. The
	 * guest waits while too much is not yielded. Each frame is yielded once, to one of several readers.
	 */
	async *frames(): AsyncGenerator<Uint8Array, void, void> {
		for (;;) {
			const frame = this.#left.takeFirst() ?? this.#guest?.take();
			if (frame !== undefined) yield frame;
			else if (this.#isClosed || this.#end !== undefined) return;
			else await this.#wake.promise;
		}
	}

	/**
	 * Resolves when the guest is idle: it has read every frame, waits, and has neither read, nor written, nor asked a model for a time. A guest that
	 * waits for the answer of a model is not idle. Resolves at once after the end of the run. Close the streams then, to end a guest in order.
	 *
	 * @param ms The time, in milliseconds. Give a guest more that writes without being sent a frame.
	 */
	async whenIdle(ms: number): Promise<void> {
		while (!this.#isClosed && this.#end === undefined) {
			const before = this.#activity;
			await setTimeout(ms);
			if (this.#isIdle && this.#activity === before) return;
			if (!this.#isIdle) await new Promise<void>((resolve) => this.#onIdle.subscribe(resolve));
		}
	}

	/**
	 * Ends the streams: the guest sees that its user has gone, and may read what was sent before. Frames that still wait for a place are refused.
	 * Safe to call twice.
	 */
	close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#refuse(new SpearError("cancelled", "the streams were closed before the frame had a place"));
		this.#guest?.close();
		this.#notify();
	}

	[Symbol.dispose](): void {
		this.close();
	}

	/**
	 * @internal Returns the side that the host uses, for one run.
	 *
	 * @throws SpearError `invalid_request` for streams that belong to another run.
	 */
	attach(): StreamPeer & Disposable {
		if (this.#isTaken) throw new SpearError("invalid_request", "streams: they belong to another run; make an object for each run");
		this.#isTaken = true;
		return {
			connect: (guest) => {
				this.#guest = guest;
				if (this.#isClosed) guest.close();
				else this.#sendWaiting();
			},
			onFrame: () => {
				this.#activity += 1;
				this.#notify();
			},
			onRoom: () => {
				this.#activity += 1;
				this.#sendWaiting();
			},
			onWait: (isWaiting) => {
				this.#isWaiting = isWaiting;
				if (this.#isIdle) this.#onIdle.notifyAll();
			},
			onChat: () => {
				this.#activity += 1;
			},
			onEnd: (frames) => {
				for (const frame of frames) this.#left.append(frame);
				this.#finish();
			},
			[Symbol.dispose]: () => this.#finish(),
		};
	}

	/** True if the guest has read every frame, and waits. */
	get #isIdle(): boolean {
		return this.#isWaiting && this.#waiting.size === 0 && this.#guest?.isDrained === true;
	}

	/** Ends the run's part. Frames that were left behind can still be read. */
	#finish(): void {
		this.#guest = undefined;
		this.#end ??= new SpearError("cancelled", "the run has ended");
		this.#refuse(this.#end);
		this.#notify();
	}

	#sendWaiting(): void {
		for (const [streamId, queue] of this.#waiting) {
			for (let waiting = queue.first?.value; waiting !== undefined; waiting = queue.first?.value) {
				const received = this.#guest?.receive(streamId, waiting.frame) ?? "full";
				if (received === "full") break;
				queue.takeFirst();
				if (received === "added") waiting.resolve();
				else waiting.reject(tooManyStreams());
			}
			if (queue.length === 0) this.#waiting.delete(streamId);
		}
	}

	#refuse(reason: SpearError): void {
		for (const queue of this.#waiting.values()) {
			for (let waiting = queue.takeFirst(); waiting !== undefined; waiting = queue.takeFirst()) waiting.reject(reason);
		}
		this.#waiting.clear();
	}

	#notify(): void {
		this.#wake.resolve();
		this.#wake = Promise.withResolvers();
		if (this.#isClosed || this.#end !== undefined) this.#onIdle.notifyAll();
	}
}

function tooManyStreams(): SpearError {
	return new SpearError("invalid_request", "the guest has as many streams as the host allows; use the streams that are there");
}
