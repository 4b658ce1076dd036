import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type * as rt from "../../generated/ir/rt.ts";

type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** A backend's channel of a realtime session that a test controls: the events that arrive, and the time at which input is sent. */
export class ScriptedChannel implements RealtimeVoiceChannel {
	/** Input that was sent, in order. */
	readonly sent: RealtimeVoiceInput[] = [];
	/** Result of `report`. */
	reported: Partial<rt.Response> = {};
	/** Number of requests for the next event. */
	asked = 0;
	/** Number of calls of `drain`. */
	drains = 0;
	closed = false;
	/** True if `close` ends the events, as it should. */
	agreesToClose = true;
	readonly #coming: (ChannelEvent | Error | "end")[] = [];
	readonly #blocked: (() => void)[] = [];
	#arrival = Promise.withResolvers<void>();
	#answered = Promise.withResolvers<void>();
	#stuck = false;

	/** Delivers events. An error fails the session, `end` ends it in order. */
	deliver(...events: readonly (ChannelEvent | Error | "end")[]): this {
		this.#coming.push(...events);
		this.#arrival.resolve();
		return this;
	}

	/** Makes `send` wait until `unblock`. */
	block(): void {
		this.#stuck = true;
	}

	/** Sends the input that waits, and all later input without waiting. */
	unblock(): void {
		this.#stuck = false;
		for (const go of this.#blocked.splice(0)) go();
	}

	/** Resolves `drain`: all input is answered. */
	answer(): void {
		this.#answered.resolve();
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		if (this.#stuck) await new Promise<void>((resolve) => this.#blocked.push(resolve));
		this.sent.push(input);
	}

	drain(): Promise<void> {
		this.drains += 1;
		return this.#answered.promise;
	}

	async close(): Promise<void> {
		this.closed = true;
		if (this.agreesToClose) this.deliver("end");
	}

	report(): Partial<rt.Response> {
		return this.reported;
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		for (;;) {
			this.asked += 1;
			while (this.#coming.length === 0) {
				this.#arrival = Promise.withResolvers();
				await this.#arrival.promise;
			}
			const next = this.#coming.shift();
			if (next === "end" || next === undefined) return;
			if (next instanceof Error) throw next;
			yield next;
		}
	}
}
