import type { RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";
import type { Downgrade } from "../../../generated/ir/types.ts";
import { result as isResult } from "../../../generated/schema/validate/rt.js";
import { cancelledError, SpearError } from "../../errors/spear-error.ts";
import { withUsage } from "../../errors/with-usage.ts";
import type { OpenSession, PipelineSession } from "../../hostcall/scope.ts";
import { eventBytes } from "../../stream/event-bytes.ts";
import type { Clock } from "../../time/clock.ts";
import { STREAM_WINDOW_BYTES, type ToWorker } from "../../worker/protocol.ts";
import type { ParsedEnd } from "./parse-message.ts";
import { SendWindow } from "./send-window.ts";
import { require } from "./violation.ts";

/** Time that the worker has to end a session whose lifetime is over, in milliseconds. */
const LATE_MS = 10_000;

export interface HostSessionOptions {
	readonly id: number;
	readonly open: OpenSession<"realtime_voice">;
	readonly post: (message: ToWorker<unknown>) => void;
	readonly clock: Clock;
	/** Longest lifetime, in milliseconds. The worker ends the session then; the host ends it if the worker does not. */
	readonly maxMs: number;
	/** Called once, when the session is settled. */
	readonly onEnd: () => void;
}

/**
 * The host's side of a realtime session of a guest in a worker: the channel of the backend, and the settlement. Queues, deadlines and counters of
 * the session are in the worker.
 */
export class HostSession {
	readonly #options: HostSessionOptions;
	readonly #abort = new AbortController();
	readonly #window = new SendWindow(STREAM_WINDOW_BYTES);
	#session: PipelineSession<"realtime_voice"> | undefined;
	#dialed = false;
	#sending = false;
	#ended = false;
	/** Failure of the channel. */
	#failure: SpearError | undefined;
	#cancelTimer = (): void => {};

	constructor(options: HostSessionOptions) {
		this.#options = options;
	}

	/** Opens the connection. @throws SpearError as the router and the backend fail; Violation for a second call. */
	async dial(): Promise<{ readonly downgrades: readonly Downgrade[] }> {
		require(!this.#dialed, "a session is dialled twice");
		this.#dialed = true;
		const { open, clock, maxMs } = this.#options;
		const session = await open(this.#abort.signal).catch((thrown: unknown) => {
			this.#settled();
			throw thrown;
		});
		this.#session = session;
		if (this.#ended) session.end({ failure: cancelledError("the session was ended while it connected") });
		else this.#cancelTimer = clock.after(maxMs + LATE_MS, () => this.abort(new SpearError("timeout", "the session has lasted too long")));
		void this.#sendAll(session);
		return { downgrades: session.downgrades };
	}

	/** Sends input. The worker sends the next one after this has resolved. */
	async input(input: RealtimeVoiceInput): Promise<void> {
		require(!this.#sending, "a session sends input before the last one is accepted");
		this.#sending = true;
		try {
			await this.#open.channel.send(input);
		} finally {
			this.#sending = false;
		}
	}

	/** Resolves when what was asked for is answered. */
	async drain(): Promise<void> {
		await this.#open.channel.drain();
	}

	/** Ends the session in order. */
	async hangUp(): Promise<void> {
		await this.#open.channel.close();
	}

	/** @throws Violation for more bytes than were sent. */
	credit(bytes: number): void {
		this.#window.credit(bytes);
	}

	/** Ends the session at once. */
	abort(reason: SpearError): void {
		this.#abort.abort(reason);
		this.#settle({ failure: reason });
	}

	/**
	 * Ends the session as the worker reports. What the upstream itself has reported replaces what the worker says, and a failure that did not come from
	 * the channel counts against the guest.
	 *
	 * @throws Violation for a report of another shape.
	 */
	end(outcome: ParsedEnd): void {
		const { downgrades: _, ...figures } = this.#session?.channel.report() ?? {};
		if ("failure" in outcome) {
			const claimed = SpearError.fromRecord(outcome.failure).with({ attribution: "caller" });
			const own = this.#failure;
			const failure = own !== undefined && own.message === claimed.message ? own : claimed;
			this.#settle({ failure: withUsage(failure, figures.usage) });
		} else {
			require(isResult(outcome.completed), "the report of a session does not match its schema");
			this.#settle({ completed: { ...outcome.completed, ...figures } });
		}
		this.#abort.abort(cancelledError("the session has ended"));
	}

	get #open(): PipelineSession<"realtime_voice"> {
		if (this.#session === undefined || this.#ended) throw new SpearError("invalid_request", "the session is not open");
		return this.#session;
	}

	#settle(outcome: { readonly completed: rt.Response } | { readonly failure: SpearError }): void {
		if (!this.#ended) this.#session?.end(outcome);
		this.#settled();
	}

	#settled(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#cancelTimer();
		this.#options.onEnd();
	}

	async #sendAll({ channel, record }: PipelineSession<"realtime_voice">): Promise<void> {
		const { id, post } = this.#options;
		const { signal } = this.#abort;
		try {
			for await (const event of channel.events) {
				if (this.#ended) return;
				record(event);
				const bytes = eventBytes(event);
				post({ type: "event", id, event, bytes, report: channel.report() });
				this.#window.use(bytes);
				await this.#window.whenOpen(signal);
			}
			post({ type: "end", id, report: channel.report() });
		} catch (thrown) {
			this.#failure = SpearError.from(thrown);
			post({ type: "end", id, error: this.#failure.toRecord(), report: channel.report() });
		}
	}
}
