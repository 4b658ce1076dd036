import type { Status } from "../../../../generated/hostcall/core/errno.ts";
import type { Clock } from "../../../time/clock.ts";
import type { InputQueue } from "./input-queue.ts";
import type { TranscriptionSettings } from "./transcription-settings.ts";
import type { TranscriptionInput, Transport, TransportListener } from "./transport.ts";

/** Time between two inputs that are taken, in milliseconds. */
const INPUT_INTERVAL_MS = 10;

/** Size of an event beside its text, in bytes. */
const EVENT_OVERHEAD = 80;

export interface ArtificialTransportOptions {
	readonly clock: Clock;
	readonly queue: InputQueue;
	readonly settings: TranscriptionSettings;
	readonly listener: TransportListener;
	/** Called when the transport is disposed. */
	readonly onEnd: () => void;
}

/** A transport without an upstream: takes input at a fixed speed, and makes events of made-up text until it is closed. */
export class ArtificialTransport implements Transport {
	readonly #clock: Clock;
	readonly #queue: InputQueue;
	readonly #settings: TranscriptionSettings;
	readonly #listener: TransportListener;
	#events = 0;
	readonly #onEnd: () => void;
	#cancelEvent: () => void;
	#cancelInput: (() => void) | undefined;

	constructor({ clock, queue, settings, listener, onEnd }: ArtificialTransportOptions) {
		this.#clock = clock;
		this.#queue = queue;
		this.#settings = settings;
		this.#listener = listener;
		this.#onEnd = onEnd;
		this.#cancelEvent = this.#awaitEvent();
		this.#awaitInput();
	}

	get queuedBytes(): number {
		return this.#queue.bytes;
	}

	send(input: TranscriptionInput): Status {
		const status = this.#queue.push(input);
		this.#awaitInput();
		return status;
	}

	[Symbol.dispose](): void {
		this.#cancelEvent();
		this.#cancelInput?.();
		this.#onEnd();
	}

	#awaitEvent(): () => void {
		return this.#clock.after(this.#settings.eventIntervalMs, () => {
			this.#cancelEvent = this.#awaitEvent();
			this.#emit();
		});
	}

	#emit(): void {
		const { payloadBytes, completedEvery } = this.#settings;
		this.#events += 1;
		const isCompleted = completedEvery > 0 && this.#events % completedEvery === 0;
		const text = "a".repeat(Math.max(0, payloadBytes - EVENT_OVERHEAD));
		this.#listener.onEvent(
			JSON.stringify({ type: isCompleted ? "transcription.completed" : "transcription.delta", seq: this.#events, text }),
		);
	}

	#awaitInput(): void {
		if (this.#cancelInput !== undefined || this.#queue.bytes === 0) return;
		this.#cancelInput = this.#clock.after(INPUT_INTERVAL_MS, () => {
			this.#cancelInput = undefined;
			this.#queue.take();
			this.#awaitInput();
			this.#listener.onSent();
		});
	}
}

/** The artificial transports of one instance. Their number is bounded, because their timers cost the host time. */
export class ArtificialTransports {
	readonly #clock: Clock;
	readonly #max: number;
	#open = 0;

	constructor(clock: Clock, max: number) {
		this.#clock = clock;
		this.#max = max;
	}

	/** Opens a transport. Returns `undefined` if too many are open. */
	open(options: Pick<ArtificialTransportOptions, "queue" | "settings" | "listener">): ArtificialTransport | undefined {
		if (this.#open >= this.#max) return undefined;
		this.#open += 1;
		const onEnd = (): void => {
			this.#open -= 1;
		};
		return new ArtificialTransport({ ...options, clock: this.#clock, onEnd });
	}
}
