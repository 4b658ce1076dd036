import { EAGAIN, EIO, ENOMEM, type Status } from "../../../../generated/hostcall/core/errno.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import { cancelledError, SpearError } from "../../../errors/spear-error.ts";
import type { RealtimeSession } from "../../../stream/realtime/session.ts";
import type { RealtimeSessions } from "../../realtime-sessions.ts";
import { eventJson } from "./event-json.ts";
import type { InputQueue } from "./input-queue.ts";
import type { TranscriptionInput, Transport, TransportListener } from "./transport.ts";

export interface LiveTransportOptions {
	readonly sessions: RealtimeSessions;
	readonly request: rt.Request;
	readonly options: CallOptions | undefined;
	/** Input that waits for the connection. */
	readonly queue: InputQueue;
	readonly listener: TransportListener;
	/** Receives a fault of the host, for its log. */
	readonly onFault: (fault: SpearError) => void;
}

/** A realtime session at a backend. Connects behind the guest's back: input waits until then. */
export class LiveTransport implements Transport {
	readonly #options: LiveTransportOptions;
	readonly #closing = new AbortController();
	#session: RealtimeSession | undefined;
	#events = 0;
	/** True while a subscription to the session's queue is open. */
	#isAwaiting = false;

	constructor(options: LiveTransportOptions) {
		this.#options = options;
		void this.#run();
	}

	get queuedBytes(): number {
		return this.#options.queue.bytes + (this.#session?.queuedInputBytes ?? 0);
	}

	send(input: TranscriptionInput): Status {
		const session = this.#session;
		if (session === undefined) return this.#options.queue.push(input);
		try {
			session.input(input);
			this.#awaitSent(session);
			return 0;
		} catch (thrown) {
			if (!(thrown instanceof SpearError)) throw thrown;
			if (session.state !== "connected") return EIO;
			return thrown.code === "not_permitted" ? ENOMEM : EAGAIN;
		}
	}

	/** Closes the session in order. Nothing is received any more. */
	[Symbol.dispose](): void {
		if (this.#session === undefined) this.#closing.abort(cancelledError("the transcription was closed"));
		else this.#session.close();
	}

	async #run(): Promise<void> {
		const { sessions, request, options, listener, onFault } = this.#options;
		try {
			const session = await sessions.connect(request, options, this.#closing.signal);
			this.#session = session;
			this.#sendQueued(session);
			listener.onConnected();
			await this.#receive(session);
		} catch (thrown) {
			this.#session?.[Symbol.dispose]();
			const error = SpearError.from(thrown);
			if (error.code === "internal") onFault(error);
			listener.onFailed(error.message);
		}
	}

	#sendQueued(session: RealtimeSession): void {
		const { queue } = this.#options;
		for (let input = queue.take(); input !== undefined; input = queue.take()) session.input(input);
		this.#awaitSent(session);
	}

	async #receive(session: RealtimeSession): Promise<void> {
		const { listener } = this.#options;
		for (;;) {
			const event = await session.next();
			if (event.type === "completed") return listener.onClosed();
			if (event.type === "failed") return listener.onFailed(event.failed.message);
			const json = eventJson(event, ++this.#events);
			if (json !== undefined) listener.onEvent(json);
		}
	}

	/** Notifies the listener each time that queued input was sent, until none is left. */
	#awaitSent(session: RealtimeSession): void {
		if (this.#isAwaiting || session.queuedInputBytes === 0) return;
		this.#isAwaiting = true;
		session.writable.onReady(() => {
			this.#isAwaiting = false;
			this.#awaitSent(session);
			this.#options.listener.onSent();
		});
	}
}
