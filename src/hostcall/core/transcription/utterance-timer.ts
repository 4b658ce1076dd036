import type { ClientCommit } from "../../../../generated/hostcall/core/transcription.ts";
import type { Clock } from "../../../time/clock.ts";

/** Ends utterances by time and size. One timer serves any amount of audio: a timer that fires early is set again. */
export class UtteranceTimer {
	readonly #clock: Clock;
	readonly #commit: () => void;
	#rules: ClientCommit | undefined;
	#lastEnd = Number.NEGATIVE_INFINITY;
	#firstAudio = 0;
	#lastAudio = 0;
	#bytes = 0;
	#timer: { readonly at: number; readonly cancel: () => void } | undefined;

	/** @param commit Ends the utterance and calls `ended`. If that is not possible now, call `retry` later. */
	constructor(clock: Clock, commit: () => void) {
		this.#clock = clock;
		this.#commit = commit;
	}

	/** Sets the rules. Absent: utterances are not ended. */
	set rules(rules: ClientCommit | undefined) {
		this.#rules = rules;
		this.#check();
	}

	/** Bytes of audio since the last end of an utterance. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Counts audio. Ends the utterance if it is due. */
	addAudio(bytes: number): void {
		const now = this.#clock.now();
		if (this.#bytes === 0) this.#firstAudio = now;
		this.#lastAudio = now;
		this.#bytes += bytes;
		this.#check();
	}

	/** Counts an end of an utterance, by these rules or by the guest. */
	ended(): void {
		this.#lastEnd = this.#clock.now();
		this.#bytes = 0;
	}

	/** Forgets the audio, which was dropped. */
	cleared(): void {
		this.#bytes = 0;
	}

	/** Ends the utterance if it is due. */
	retry(): void {
		this.#check();
	}

	[Symbol.dispose](): void {
		this.#rules = undefined;
		this.#cancel();
	}

	#check(): void {
		const at = this.#dueAt();
		if (at === undefined) return;
		if (at <= this.#clock.now()) this.#commit();
		else this.#arm(at);
	}

	/** Returns the time at which the utterance ends. `undefined` for never. */
	#dueAt(): number | undefined {
		if (this.#rules === undefined || this.#bytes === 0) return undefined;
		const { flush_interval_ms, silence_ms, max_buffer_bytes, min_flush_gap_ms = 0 } = this.#rules;
		const due = Math.min(
			max_buffer_bytes !== undefined && this.#bytes >= max_buffer_bytes ? this.#lastAudio : Number.POSITIVE_INFINITY,
			this.#firstAudio + (flush_interval_ms ?? Number.POSITIVE_INFINITY),
			this.#lastAudio + (silence_ms ?? Number.POSITIVE_INFINITY),
		);
		return due === Number.POSITIVE_INFINITY ? undefined : Math.max(due, this.#lastEnd + min_flush_gap_ms);
	}

	/** Keeps a timer that fires before `at`. */
	#arm(at: number): void {
		if (this.#timer !== undefined && this.#timer.at <= at) return;
		this.#cancel();
		const cancel = this.#clock.after(at - this.#clock.now(), () => {
			this.#timer = undefined;
			this.#check();
		});
		this.#timer = { at, cancel };
	}

	#cancel(): void {
		this.#timer?.cancel();
		this.#timer = undefined;
	}
}
