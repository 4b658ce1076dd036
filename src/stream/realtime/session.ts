import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";
import type * as types from "../../../generated/ir/types.ts";
import { abortError, cancelledError, SpearError } from "../../errors/spear-error.ts";
import { withUsage } from "../../errors/with-usage.ts";
import { mergedDowngrades } from "../../operations/downgrades.ts";
import type { Clock } from "../../time/clock.ts";
import type { QueueMemory } from "../event-queue.ts";
import { Notifier, type Readiness } from "../readiness.ts";
import { SessionDeadlines } from "./deadlines.ts";
import { ReceiveQueue } from "./receive-queue.ts";
import { SendQueue } from "./send-queue.ts";
import { SessionState } from "./state.ts";

export interface RealtimeSessionOptions {
	readonly sendQueue: rt.Queue;
	readonly receiveQueue: rt.Queue;
	/** Charged with what waits in both queues. The default is none. */
	readonly memory?: QueueMemory;
	/** Longest lifetime of the session, in milliseconds. */
	readonly maxMs: number;
	/** Longest time without input and events, in milliseconds. */
	readonly idleMs: number;
	/** Longest time of an orderly close, in milliseconds. */
	readonly closeMs: number;
	/** Aborted when the guest's run ends. */
	readonly signal: AbortSignal;
	readonly clock: Clock;
	/** Called once, when the session has ended in any way. */
	readonly onEnd?: () => void;
}

/** An established connection. */
export interface OpenChannel {
	readonly channel: RealtimeVoiceChannel;
	/** Fields of the configuration that the backend emulates or drops. The default is none. */
	readonly downgrades?: readonly types.Downgrade[];
	/** Called with each event of the channel. */
	readonly record: (event: rt.Event) => void;
	/** Called once, when the session has ended. Returns the failure as the guest receives it, or `undefined` to leave it unchanged. */
	readonly end: (outcome: { readonly completed: rt.Response } | { readonly failure: SpearError }) => SpearError | undefined;
}

/** Establishes the connection. `signal` ends it at once, before and after it is established. */
export type Dial = (signal: AbortSignal) => Promise<OpenChannel>;

/**
 * A realtime session between a guest and a backend's channel: a bounded queue each way, deadlines, exact counters, and exactly one
 * terminal event. A lost connection is not established again, because the upstream has lost the state of the session.
 */
export class RealtimeSession {
	readonly #options: RealtimeSessionOptions;
	readonly #state = new SessionState();
	readonly #send: SendQueue;
	readonly #receive: ReceiveQueue;
	readonly #deadlines: SessionDeadlines;
	readonly #abort = new AbortController();
	/** Notifies when all input is sent, an event waits for the guest, the upstream has drained, or the session has ended. */
	readonly #progress = new Notifier();
	/** The wait for the answers to all input. Absent if there is none. */
	#drainWait: { readonly over: boolean } | undefined;
	#open: OpenChannel | undefined;
	#failure: SpearError | undefined;
	#connectedAt = 0;

	constructor(options: RealtimeSessionOptions) {
		const notify = (): void => this.#progress.notifyAll();
		this.#options = options;
		this.#send = new SendQueue(options.sendQueue, notify, options.memory);
		this.#receive = new ReceiveQueue(options.receiveQueue, notify, options.memory);
		this.#deadlines = new SessionDeadlines(options.clock, (error) => this.#finish(error));
	}

	/**
	 * Connects the session. Call once, before any other method.
	 *
	 * @param configure Validates the configuration and returns the function that connects.
	 * @throws SpearError as `configure` and the connection fail. The session has ended then.
	 */
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
			if (this.#state.ended) {
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
		void this.#receiveAll(this.#open);
		this.#send.sendTo(this.#open.channel).catch((thrown: unknown) => this.#finish(SpearError.from(thrown)));
	}

	get state(): rt.State {
		return this.#state.current;
	}

	/**
	 * Queues input whole or not at all. Returns the bytes of audio that were queued.
	 *
	 * @throws SpearError `invalid_request` for input that never fits, and unless the session is connected; `rate_limited` for input that
	 * does not fit now. With the overflow policy `fail`, such input ends the session.
	 */
	input(input: RealtimeVoiceInput): rt.Accepted {
		this.#assertAcceptsInput();
		this.#deadlines.touch();
		const accepted = this.#send.push(input);
		if (!(accepted instanceof SpearError)) return accepted;
		this.#finish(accepted);
		throw this.#failure ?? accepted;
	}

	/**
	 * Waits for the next event.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
	async next(): Promise<rt.Event> {
		const event = await this.#receive.next();
		this.#deadlines.touch();
		return event;
	}

	/**
	 * Returns the next event, or `undefined` if none is queued.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
	tryNext(): rt.Event | undefined {
		const event = this.#receive.tryNext();
		if (event !== undefined) this.#deadlines.touch();
		return event;
	}

	/** Ready when `next` would not wait. */
	get readiness(): Readiness {
		return this.#receive.readiness;
	}

	/** Bytes of the input that waits to be sent. */
	get queuedInputBytes(): number {
		return this.#send.bytes;
	}

	/** Ready when the send queue has room: for the last refused input, or for any input if none was refused since. */
	get writable(): Readiness {
		return this.#send.writable;
	}

	/**
	 * Refuses further input, and resolves when all input is sent and the upstream has answered it. May be called again.
	 *
	 * @throws SpearError as the session fails; `rate_limited` if events have to be read first, because they block the answers.
	 */
	async drain(): Promise<void> {
		if (this.#state.current === "connected") this.#state.to("draining");
		await this.#until(() => this.#send.idle);
		const wait = this.#drainWait ?? this.#waitForDrain();
		await this.#until(() => wait.over);
	}

	/** Waits until the channel has answered all input. Repeated calls share one wait: a guest may call `drain` for ever, and each wait costs memory. */
	#waitForDrain(): { readonly over: boolean } {
		const wait = { over: false };
		this.#drainWait = wait;
		const onDrained = (): void => {
			wait.over = true;
			this.#drainWait = undefined;
			this.#progress.notifyAll();
		};
		this.#open?.channel.drain().then(onDrained, (thrown: unknown) => this.#finish(SpearError.from(thrown)));
		return wait;
	}

	/** Ends the session in order. Input that was not sent is discarded. */
	close(): void {
		if (this.#state.ended) return;
		if (this.#state.current === "connected") this.#state.to("draining");
		this.#send.discard();
		this.#deadlines.close(this.#options.closeMs, () => this.#finish());
		this.#open?.channel.close().catch((thrown: unknown) => this.#finish(SpearError.from(thrown)));
	}

	/** Ends the session at once and discards every queued event. */
	[Symbol.dispose](): void {
		this.#finish(cancelledError("the session's handle was dropped"));
		this.#receive.discard();
	}

	/** Resolves when `condition` returns true, or when the session ends in order. */
	async #until(condition: () => boolean): Promise<void> {
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure;
			if (this.#state.ended || condition()) return;
			if (this.#receive.blocked) {
				throw new SpearError("rate_limited", "the receive queue is full; read the events that wait, then drain again", {
					attribution: "caller",
				});
			}
			await new Promise<void>((resolve) => this.#progress.subscribe(resolve));
		}
	}

	#assertAcceptsInput(): void {
		const { current } = this.#state;
		if (current === "connected") return;
		const reason =
			current === "draining" ? "is draining: it accepts no more input" : `is ${current}: read its last event and drop the handle`;
		throw new SpearError("invalid_request", `the session ${reason}`);
	}

	async #receiveAll({ channel, record }: OpenChannel): Promise<void> {
		try {
			for await (const event of channel.events) {
				if (this.#state.ended) return;
				record(event);
				this.#deadlines.touch();
				await this.#receive.push(event, this.#abort.signal);
			}
			this.#finish();
		} catch (thrown) {
			this.#finish(SpearError.from(thrown));
		}
	}

	/** Ends the session: in order without a failure. Has no effect on an ended session. */
	#finish(failure?: SpearError): void {
		if (this.#state.ended) return;
		this.#deadlines.stop();
		this.#send.discard();
		const completed = this.#report();
		this.#failure = failure;
		this.#state.to(failure === undefined ? "closed" : "failed");
		const shown = this.#open?.end(failure === undefined ? { completed } : { failure: withUsage(failure, completed.usage) });
		this.#failure = shown ?? failure;
		this.#receive.end(
			this.#failure === undefined ? { type: "completed", completed } : { type: "failed", failed: this.#failure.toRecord() },
		);
		this.#abort.abort(this.#failure ?? cancelledError("the session has ended"));
		this.#options.onEnd?.();
		this.#progress.notifyAll();
	}

	#report(): rt.Response {
		const { downgrades: reported = [], ...report } = this.#open?.channel.report() ?? {};
		const downgrades = mergedDowngrades(reported, this.#open?.downgrades ?? []);
		return {
			...report,
			...(downgrades.length === 0 ? {} : { downgrades }),
			sent_audio_bytes: this.#send.sentAudioBytes,
			received_audio_bytes: this.#receive.audioBytes,
			dropped_input: this.#send.droppedCount,
			dropped_events: this.#receive.droppedCount,
			duration_ms: this.#open === undefined ? 0 : Math.round(this.#options.clock.now() - this.#connectedAt),
		};
	}
}
