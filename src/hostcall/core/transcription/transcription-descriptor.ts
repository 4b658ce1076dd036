import { EAGAIN, EBADF, EINVAL, EIO, ENOMEM, EPIPE, type Front, type Status } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import type { Autoflush, Segmentation, SessionStatus } from "../../../../generated/hostcall/core/transcription.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import type { SpearError } from "../../../errors/spear-error.ts";
import { eventBytes } from "../../../stream/event-bytes.ts";
import type { RealtimeSessions } from "../../realtime-sessions.ts";
import type { CoreScope } from "../core-scope.ts";
import { FdObject } from "../fd-table.ts";
import type { ArtificialTransports } from "./artificial-transport.ts";
import { inputOf } from "./input-event.ts";
import { InputQueue } from "./input-queue.ts";
import { LiveTransport } from "./live-transport.ts";
import { ReceivedEvents } from "./received-events.ts";
import { DEFAULT_SEGMENTATION, segmentationOf, turnDetectionOf } from "./segmentation.ts";
import { TranscriptionSettings } from "./transcription-settings.ts";
import type { TranscriptionInput, Transport, TransportListener } from "./transport.ts";
import { UtteranceTimer } from "./utterance-timer.ts";

export interface TranscriptionOptions {
	readonly scope: CoreScope;
	readonly sessions: RealtimeSessions;
	readonly artificial: ArtificialTransports;
}

type State = "init" | "configured" | "connecting" | "connected" | "closed" | "error";

/**
 * A transcription of speech: queues of audio and of events, before, during and after the connection.
 *
 * The state `closed` is the upstream's end of the session and lasts. Otherwise a guest that waits for it could miss it.
 */
export class TranscriptionDescriptor extends FdObject implements TransportListener {
	readonly kind = "RtAsr";
	readonly #options: TranscriptionOptions;
	readonly #settings: TranscriptionSettings;
	readonly #queue: InputQueue;
	readonly #received: ReceivedEvents;
	readonly #timer: UtteranceTimer;
	#segmentation = DEFAULT_SEGMENTATION;
	#transport: Transport | undefined;
	#state: State = "init";
	#lastError: string | undefined;
	/** Bytes that have to be free before the session is writable: those of the last refused audio, or 1. */
	#neededBytes = 1;
	#isDisposed = false;

	constructor(options: TranscriptionOptions) {
		super();
		const { limits, memory, clock } = options.scope;
		this.#options = options;
		this.#settings = new TranscriptionSettings(limits.realtimeQueueBytes);
		this.#queue = new InputQueue(memory);
		this.#received = new ReceivedEvents(memory);
		this.#timer = new UtteranceTimer(clock, () => void this.flush());
	}

	mask(): number {
		const isEnded = this.#state === "closed" || this.#state === "error";
		const isWritable = !isEnded && this.#queuedBytes + this.#neededBytes <= this.#settings.maxSendBytes;
		return (
			(this.#received.first === undefined ? 0 : Events.epollin) |
			(isWritable ? Events.epollout : 0) |
			(this.#state === "error" ? Events.epollerr : 0) |
			(this.#state === "closed" ? Events.epollhup : 0)
		);
	}

	setParam(key: string, value: JsonValue): Status {
		this.#settings.set(key, value);
		if (this.#state === "init") this.#state = "configured";
		this.onChange();
		return 0;
	}

	/** Starts to connect. Returns `einval` if no backend serves transcriptions, and `enomem` for too many artificial sessions. */
	connect(): Status {
		if (this.#state === "closed") return EBADF;
		if (this.#state === "error") return EIO;
		if (this.#transport !== undefined) return 0;
		return this.#settings.isLive ? this.#connectLive() : this.#connectArtificial();
	}

	status(): SessionStatus {
		return {
			state: this.#state,
			last_error: this.#lastError,
			send_queue_bytes: this.#queuedBytes,
			recv_queue_bytes: this.#received.bytes,
			max_send_queue_bytes: this.#settings.maxSendBytes,
			max_recv_queue_bytes: this.#settings.maxReceiveBytes,
			dropped_events: this.#received.dropped,
		};
	}

	/** Queues an event of the guest. Returns `einval` for one that is no input of a transcription. */
	sendEvent(event: JsonValue): Status {
		const input = inputOf(event, this.#settings.maxSendBytes);
		if (input === EAGAIN) return this.#refused(this.#settings.maxSendBytes);
		if (input === EINVAL) return EINVAL;
		if (input.type === "commit") return this.flush();
		if (input.type === "clear") return this.clear();
		return this.#append(input.audio);
	}

	/** Ends the utterance. Has no effect without audio since the last end. */
	flush(): Status {
		if (this.#timer.bytes === 0) return this.#ended ?? 0;
		const status = this.#send({ type: "commit" });
		if (status === 0) this.#timer.ended();
		return status;
	}

	/** Drops the audio since the last end of an utterance. */
	clear(): Status {
		const status = this.#send({ type: "clear" });
		if (status === 0) this.#timer.cleared();
		return status;
	}

	/** Returns `einval` for an unknown strategy. */
	setAutoflush(autoflush: Autoflush): Status {
		const segmentation = segmentationOf(autoflush);
		if (segmentation === EINVAL) return EINVAL;
		this.#segmentation = segmentation;
		this.#timer.rules = segmentation.client_commit;
		return 0;
	}

	get segmentation(): Segmentation {
		return this.#segmentation;
	}

	/** Queues audio, all or none. Returns the number of its bytes. */
	write(audio: Uint8Array): number {
		const status = this.#append(audio);
		return status === 0 ? audio.byteLength : status;
	}

	/** Returns the oldest event. */
	read(): Front<Uint8Array> | typeof EAGAIN {
		const item = this.#received.first;
		if (item === undefined) return EAGAIN;
		return {
			item,
			remove: () => {
				this.#received.take();
				this.onChange();
			},
		};
	}

	onConnected(): void {
		this.#become("connected");
	}

	onEvent(json: string): void {
		if (this.#isDisposed) return;
		this.#received.push(json, this.#settings.maxReceiveBytes);
		this.onChange();
	}

	onSent(): void {
		this.#timer.retry();
		this.onChange();
	}

	onClosed(): void {
		this.#become("closed");
	}

	onFailed(message: string): void {
		this.#lastError = message;
		this.#become("error");
	}

	override [Symbol.dispose](): void {
		this.#isDisposed = true;
		this.#timer[Symbol.dispose]();
		this.#queue.discard();
		this.#received.discard();
		this.#transport?.[Symbol.dispose]();
	}

	get #queuedBytes(): number {
		return this.#transport?.queuedBytes ?? this.#queue.bytes;
	}

	/** Errno of input after the end of the session. Absent before. */
	get #ended(): typeof EIO | typeof EPIPE | undefined {
		if (this.#state === "error") return EIO;
		return this.#state === "closed" ? EPIPE : undefined;
	}

	#become(state: "connected" | "closed" | "error"): void {
		if (this.#isDisposed) return;
		this.#state = state;
		if (state !== "connected") this.#queue.discard();
		this.onChange();
	}

	#connectLive(): Status {
		const { pipeline } = this.#options.scope;
		if (!pipeline.catalog().some(({ operation, available }) => operation === "realtime_voice" && available)) {
			this.onFailed("no backend serves realtime transcription");
			return EINVAL;
		}
		this.#state = "connecting";
		this.#transport = new LiveTransport({
			sessions: this.#options.sessions,
			request: this.#request(),
			options: this.#callOptions(),
			queue: this.#queue,
			listener: this,
			onFault: (fault) => this.#report(fault),
		});
		this.onChange();
		return 0;
	}

	#connectArtificial(): Status {
		this.#transport = this.#options.artificial.open({ queue: this.#queue, settings: this.#settings, listener: this });
		if (this.#transport === undefined) {
			this.onFailed("too many sessions are open");
			return ENOMEM;
		}
		this.#become("connected");
		return 0;
	}

	#request(): rt.Request {
		const { model } = this.#settings;
		return {
			...(model === undefined ? {} : { model }),
			mode: "transcription",
			turn_detection: turnDetectionOf(this.#segmentation),
			tools: [],
		};
	}

	#callOptions(): CallOptions | undefined {
		const { backend } = this.#settings;
		return backend === undefined ? undefined : { routing: { backend, allowlist: [], denylist: [], preferred: [] } };
	}

	#append(audio: Uint8Array): Status {
		if (audio.byteLength === 0) return this.#ended ?? 0;
		const status = this.#send({ type: "append_audio", audio });
		if (status === 0) this.#timer.addAudio(audio.byteLength);
		return status;
	}

	/** Refuses audio of so many bytes, which do not fit. The session is writable when they do. */
	#refused(bytes: number): Status {
		if (this.#ended !== undefined) return this.#ended;
		this.#neededBytes = bytes;
		this.onChange();
		return EAGAIN;
	}

	#send(input: TranscriptionInput): Status {
		const ended = this.#ended;
		if (ended !== undefined) return ended;
		const bytes = eventBytes(input);
		const { maxSendBytes } = this.#settings;
		// Input that removes other input needs no room.
		const fits = input.type === "clear" || this.#queuedBytes + bytes <= maxSendBytes;
		const status = fits ? (this.#transport?.send(input) ?? this.#queue.push(input)) : EAGAIN;
		this.#neededBytes = status === EAGAIN ? Math.min(bytes, maxSendBytes) : 1;
		this.onChange();
		return status;
	}

	/** Shows a fault of the host in the log. The guest learns only that there was one. */
	#report({ message, cause }: SpearError): void {
		const text = cause instanceof Error ? cause.message : message;
		const { logBudget, writeLog } = this.#options.scope;
		if (logBudget.admit(text.length)) writeLog("error", "a realtime session has failed", [{ key: "error", value: text }]);
	}
}
