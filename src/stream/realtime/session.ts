import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";
import { abortError, cancelledError, SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import { BoundedQueue } from "../bounded-queue.ts";
import { eventBytes } from "../event-bytes.ts";
import { EventReader } from "../event-reader.ts";
import { Notifier, type Readiness } from "../readiness.ts";
import { SessionDeadlines } from "./deadlines.ts";
import { isDroppableEvent, isDroppableInput } from "./droppable.ts";
import { SessionState } from "./state.ts";

export interface RealtimeSessionOptions {
	readonly sendQueue: rt.Queue;
	readonly receiveQueue: rt.Queue;
	/** Longest life of the session, and longest time in which nothing happens, in milliseconds. */
	readonly maxMs: number;
	readonly idleMs: number;
	/** How long an orderly close may take. */
	readonly closeMs: number;
	/** Aborted when the guest's run ends. */
	readonly signal: AbortSignal;
	readonly clock: Clock;
	/** Called once, however the session ends. */
	readonly onEnd?: () => void;
}

/** A connection that stands. `end` is told once how the session ended and gives the failure as the guest shall see it. */
export interface OpenChannel {
	readonly channel: RealtimeVoiceChannel;
	readonly end: (outcome: { readonly completed: rt.Response } | { readonly failure: SpearError }) => SpearError | undefined;
}

/** How fast a session is fed and read is for who opened it. */
const BY_CALLER = { attribution: "caller" } as const;

/** Makes the connection; `signal` ends it at once, now and later. */
export type Dial = (signal: AbortSignal) => Promise<OpenChannel>;

/**
 * One realtime session between a guest and a backend's channel: a bounded queue each way, deadlines, exact counters, and exactly
 * one terminal event, whoever ends it. A connection that was lost is not made again: what the upstream knew of the session went with it.
 */
export class RealtimeSession {
	readonly #options: RealtimeSessionOptions;
	readonly #state = new SessionState();
	readonly #send: BoundedQueue<RealtimeVoiceInput>;
	readonly #receive: BoundedQueue<rt.Event>;
	readonly #reader: EventReader<rt.Event>;
	readonly #deadlines: SessionDeadlines;
	readonly #abort = new AbortController();
	/** Told when the send queue has run dry, the upstream is held back, or the session has ended. */
	readonly #progress = new Notifier();
	#open: OpenChannel | undefined;
	#failure: SpearError | undefined;
	#sending = false;
	/** The upstream waits for the guest to read. */
	#held = false;
	#connectedAt = 0;
	#sentAudioBytes = 0;
	#receivedAudioBytes = 0;

	constructor(options: RealtimeSessionOptions) {
		const { sendQueue, receiveQueue, clock } = options;
		this.#options = options;
		this.#send = new BoundedQueue({ ...bounds(sendQueue), sizeOf: eventBytes, isDroppable: isDroppableInput });
		this.#receive = new BoundedQueue({ ...bounds(receiveQueue), sizeOf: eventBytes, isDroppable: isDroppableEvent });
		this.#reader = new EventReader(this.#receive, {
			what: "session",
			isTerminal: (event) => event.type === "completed" || event.type === "failed",
		});
		this.#deadlines = new SessionDeadlines(clock, (error) => this.#finish(error));
	}

	/** Has the configuration accepted, then connects. On a failure the session is over and the failure is thrown. */
	async connect(configure: () => Promise<Dial>): Promise<void> {
		const { signal, maxMs, idleMs, clock } = this.#options;
		const onAbort = (): void => this.#finish(abortError(signal));
		signal.addEventListener("abort", onAbort, { once: true });
		this.#abort.signal.addEventListener("abort", () => signal.removeEventListener("abort", onAbort), { once: true });
		try {
			if (signal.aborted) throw abortError(signal);
			const dial = await configure();
			if (signal.aborted) throw abortError(signal);
			this.#state.to("configured");
			this.#state.to("connecting");
			const open = await dial(this.#abort.signal);
			if (this.#state.over) {
				const failure = this.#failure ?? cancelledError("the session was ended while it connected");
				throw open.end({ failure }) ?? failure;
			}
			this.#open = open;
		} catch (thrown) {
			const failure = SpearError.from(thrown);
			this.#finish(failure);
			throw failure;
		}
		this.#state.to("connected");
		this.#connectedAt = clock.now();
		this.#deadlines.start({ maxMs, idleMs });
		void this.#receiveAll(this.#open.channel);
		void this.#sendAll(this.#open.channel);
	}

	get state(): rt.State {
		return this.#state.current;
	}

	/** Queues input. Throws `rate_limited` when it is refused; tells how many of its bytes were taken: all or none. */
	input(input: RealtimeVoiceInput): rt.Accepted {
		this.#requireInput();
		this.#deadlines.touch();
		if (input.type === "clear") this.#send.withdrawAfter(({ type }) => type === "commit");
		const { max_bytes } = this.#options.sendQueue;
		const bytes = eventBytes(input);
		if (bytes > max_bytes) {
			throw new SpearError(
				"invalid_request",
				`${input.type}: ${bytes} bytes never fit into a send queue of ${max_bytes}; send smaller pieces`,
			);
		}
		const offer = this.#send.tryPush(input);
		const full = `the send queue is full: ${this.#send.bytes} of ${max_bytes} bytes wait to be sent`;
		if (offer === "refused") throw new SpearError("rate_limited", `${full}; wait for subscribe-send`, BY_CALLER);
		if (offer === "overflow") {
			const failure = new SpearError("rate_limited", `${full}, and its overflow policy is to fail`, BY_CALLER);
			this.#finish(failure);
			throw this.#failure ?? failure;
		}
		const taken = offer === "taken" && input.type === "append_audio" ? input.audio.byteLength : 0;
		return { bytes: taken, queued_bytes: this.#send.bytes };
	}

	async next(): Promise<rt.Event> {
		const event = await this.#reader.next();
		this.#deadlines.touch();
		return event;
	}

	tryNext(): rt.Event | undefined {
		const event = this.#reader.tryNext();
		if (event !== undefined) this.#deadlines.touch();
		return event;
	}

	/** Ready when `next` would not wait. */
	get readiness(): Readiness {
		return this.#receive;
	}

	/** Ready when the send queue has room, for the piece refused last if there was one. */
	get writable(): Readiness {
		return this.#send.writable;
	}

	/**
	 * Takes no more input, and resolves when all of it is sent and answered. May be called again.
	 *
	 * @throws SpearError the session's failure; `rate_limited` when the answers cannot come because the guest must read first.
	 */
	async drain(): Promise<void> {
		if (this.#state.current === "connected") this.#state.to("draining");
		await this.#until(() => this.#send.length === 0 && !this.#sending);
		let answered = false;
		const onAnswered = (): void => {
			answered = true;
			this.#progress.notifyAll();
		};
		this.#open?.channel.drain().then(onAnswered, (thrown: unknown) => this.#finish(SpearError.from(thrown)));
		await this.#until(() => answered);
	}

	/** Ends the session in order. What was not sent yet is given up. */
	close(): void {
		if (this.#state.over) return;
		if (this.#state.current === "connected") this.#state.to("draining");
		this.#send.discard();
		this.#deadlines.close(this.#options.closeMs, () => this.#finish());
		this.#open?.channel.close().catch((thrown: unknown) => this.#finish(SpearError.from(thrown)));
	}

	/** Ends the session at once and throws away what waits. */
	[Symbol.dispose](): void {
		this.#finish(cancelledError("the session's handle was dropped"));
		this.#receive.discard();
	}

	/** Waits for something to come about, or for the session to end in order. */
	async #until(met: () => boolean): Promise<void> {
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure;
			if (this.#state.over || met()) return;
			if (this.#held)
				throw new SpearError("rate_limited", "the receive queue is full; read the events that wait, then drain again", BY_CALLER);
			await new Promise<void>((resolve) => this.#progress.subscribe(resolve));
		}
	}

	#requireInput(): void {
		const { current } = this.#state;
		if (current === "connected") return;
		const why = current === "draining" ? "is draining: it takes no more input" : `is ${current}: read its last event and drop the handle`;
		throw new SpearError("invalid_request", `the session ${why}`);
	}

	async #receiveAll(channel: RealtimeVoiceChannel): Promise<void> {
		try {
			for await (const event of channel.events) {
				if (this.#state.over) return;
				this.#deadlines.touch();
				if (event.type === "audio") this.#receivedAudioBytes += event.audio.audio.byteLength;
				await this.#deliver(event);
			}
			this.#finish();
		} catch (thrown) {
			this.#finish(SpearError.from(thrown));
		}
	}

	async #deliver(event: rt.Event): Promise<void> {
		const { max_bytes, overflow } = this.#options.receiveQueue;
		if (overflow === "refuse") {
			const bytes = eventBytes(event);
			if (!this.#receive.hasRoom(bytes)) {
				this.#held = true;
				this.#progress.notifyAll();
				await this.#receive.whenWritable(this.#abort.signal, bytes);
				this.#held = false;
			}
			this.#receive.push(event);
			return;
		}
		const offer = this.#receive.tryPush(event);
		if (offer === "taken" || offer === "dropped") return;
		const why = offer === "overflow" ? "its overflow policy is to fail" : `a ${event.type} event may not be dropped`;
		throw new SpearError(
			"rate_limited",
			`the receive queue of ${max_bytes} bytes is full, and ${why}; read faster or ask for more`,
			BY_CALLER,
		);
	}

	async #sendAll(channel: RealtimeVoiceChannel): Promise<void> {
		try {
			for (;;) {
				await this.#send.whenReady();
				const input = this.#send.take();
				if (input === undefined) return;
				this.#sending = true;
				await channel.send(input);
				this.#sending = false;
				if (input.type === "append_audio") this.#sentAudioBytes += input.audio.byteLength;
				if (this.#send.length === 0) this.#progress.notifyAll();
			}
		} catch (thrown) {
			this.#finish(SpearError.from(thrown));
		}
	}

	#finish(failure?: SpearError): void {
		if (this.#state.over) return;
		this.#deadlines.stop();
		this.#send.discard();
		const completed = this.#report();
		this.#failure = failure;
		this.#state.to(failure === undefined ? "closed" : "failed");
		const shown = this.#open?.end(failure === undefined ? { completed } : { failure });
		this.#failure = shown ?? failure;
		this.#receive.end(
			this.#failure === undefined ? { type: "completed", completed } : { type: "failed", failed: this.#failure.toRecord() },
		);
		this.#abort.abort(this.#failure ?? cancelledError("the session is over"));
		this.#options.onEnd?.();
		this.#progress.notifyAll();
	}

	#report(): rt.Response {
		return {
			...this.#open?.channel.report(),
			sent_audio_bytes: this.#sentAudioBytes,
			received_audio_bytes: this.#receivedAudioBytes,
			dropped_input: this.#send.droppedCount,
			// What is held back when the session ends has no place any more.
			dropped_events: this.#receive.droppedCount + (this.#held ? 1 : 0),
			duration_ms: this.#open === undefined ? 0 : Math.round(this.#options.clock.now() - this.#connectedAt),
		};
	}
}

function bounds({ max_bytes, overflow }: rt.Queue): { maxBytes: number; overflow: rt.Overflow } {
	return { maxBytes: max_bytes, overflow };
}
