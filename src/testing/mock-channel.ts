import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type * as rt from "../../generated/ir/rt.ts";
import { abortError } from "../errors/spear-error.ts";
import type { Clock } from "../time/clock.ts";
import type { Pieces, Plan } from "./plan.ts";
import { played } from "./play.ts";

/** Input that ends a turn: the session answers then. */
const TURN_ENDS: ReadonlySet<RealtimeVoiceInput["type"]> = new Set(["send_text", "send_tool_result", "commit"]);

export interface MockChannelOptions {
	readonly clock: Clock;
	/** Aborted when the session ends. */
	readonly signal: AbortSignal;
	/** Returns the plan for the input of a turn. */
	readonly plan: (input: readonly RealtimeVoiceInput[]) => Plan<"realtime_voice"> | Promise<Plan<"realtime_voice">>;
}

/** A realtime session whose turns are answered by a script. */
export class MockChannel implements RealtimeVoiceChannel {
	readonly #options: MockChannelOptions;
	/** Input since the end of the last turn. */
	#input: RealtimeVoiceInput[] = [];
	/** Turns that wait for their answer, oldest first. */
	readonly #turns: (readonly RealtimeVoiceInput[])[] = [];
	#answering: AbortController | undefined;
	#closed = false;
	#change = Promise.withResolvers<void>();

	constructor(options: MockChannelOptions) {
		this.#options = options;
		options.signal.addEventListener("abort", () => this.#changed(), { once: true });
	}

	get events(): AsyncIterable<Pieces["realtime_voice"]> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		if (input.type === "cancel" || input.type === "truncate") this.#answering?.abort();
		if (input.type === "clear") this.#input = this.#input.filter(({ type }) => type !== "append_audio");
		else this.#input.push(input);
		if (!TURN_ENDS.has(input.type)) return;
		this.#turns.push(this.#input);
		this.#input = [];
		this.#changed();
	}

	async drain(): Promise<void> {
		while ((this.#turns.length > 0 || this.#answering !== undefined) && !this.#closed && !this.#options.signal.aborted)
			await this.#change.promise;
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#answering?.abort();
		this.#changed();
	}

	report(): Partial<rt.Response> {
		return {};
	}

	async *#read(): AsyncGenerator<Pieces["realtime_voice"], void, void> {
		const { signal } = this.#options;
		for (;;) {
			if (signal.aborted) throw abortError(signal);
			if (this.#closed) return;
			const turn = this.#turns.shift();
			if (turn === undefined) {
				await this.#change.promise;
				continue;
			}
			yield* this.#answer(turn);
		}
	}

	async *#answer(turn: readonly RealtimeVoiceInput[]): AsyncGenerator<Pieces["realtime_voice"], void, void> {
		const { clock, signal } = this.#options;
		const cancel = new AbortController();
		this.#answering = cancel;
		let started: string | undefined;
		try {
			const plan = await this.#options.plan(turn);
			for await (const event of played(plan, clock, AbortSignal.any([signal, cancel.signal]))) {
				if (event.type === "response_started") started = event.response_started;
				if (event.type === "response_done") started = undefined;
				yield event;
				if (cancel.signal.aborted) break;
			}
		} catch (thrown) {
			if (!cancel.signal.aborted || signal.aborted) throw thrown;
		} finally {
			this.#answering = undefined;
			this.#changed();
		}
		if (started !== undefined && !this.#closed) yield { type: "response_done", response_done: started };
	}

	#changed(): void {
		const { resolve } = this.#change;
		this.#change = Promise.withResolvers();
		resolve();
	}
}
