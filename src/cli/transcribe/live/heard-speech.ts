import type * as rt from "../../../../generated/ir/rt.ts";

/** A complete turn of speech. */
export interface Turn {
	readonly text: string;
}

/** A stretch of speech, in milliseconds from the start of the audio. */
export interface SpeechSpan {
	readonly startMs: number;
	/** Absent while the speech goes on. */
	endMs?: number;
}

/** The speech that a session has reported: stretches of speech, drafts of turns, and complete turns. */
export class HeardSpeech {
	readonly turns: Turn[] = [];
	readonly speech: SpeechSpan[] = [];
	/** Text so far of turns that are not complete, by item. */
	readonly #drafts = new Map<string, string>();

	/** True if the session has reported where speech begins or ends. */
	get detectsTurns(): boolean {
		return this.speech.length > 0;
	}

	/** True if the last audio may belong to a turn that nothing has ended. */
	get isTurnOpen(): boolean {
		const last = this.speech.at(-1);
		return last === undefined || last.endMs === undefined;
	}

	/** Text of the turns that are not complete. */
	get draft(): string {
		return [...this.#drafts.values()].join(" ").trim();
	}

	add(event: rt.Event): void {
		switch (event.type) {
			case "speech_started":
				this.speech.push({ startMs: event.speech_started });
				return;
			case "speech_stopped": {
				const last = this.speech.at(-1);
				if (last === undefined) this.speech.push({ startMs: 0, endMs: event.speech_stopped });
				else last.endMs = event.speech_stopped;
				return;
			}
			case "input_transcript": {
				const { item_id, text } = event.input_transcript;
				this.#drafts.set(item_id, (this.#drafts.get(item_id) ?? "") + text);
				return;
			}
			case "input_transcript_done": {
				const { item_id, text } = event.input_transcript_done;
				this.#drafts.delete(item_id);
				this.turns.push({ text: text.trim() });
			}
		}
	}
}
