import { SpearError } from "../../../../errors/spear-error.ts";
import type { AudioInput, InputStep } from "./audio-input.ts";
import type { Recognition, SpeechDetector, SpeechEvent } from "./engines.ts";
import type { Outbox } from "./outbox.ts";
import type { Progress } from "./progress.ts";
import { Transcriber } from "./transcriber.ts";
import { Turn } from "./turn.ts";
import { warning } from "./warning.ts";

/** Most parts of speech that wait for their text. Further input waits. */
const MAX_PENDING_PARTS = 2;

export interface ListeningOptions {
	readonly input: AudioInput;
	readonly detector: SpeechDetector;
	readonly recognition: Recognition;
	readonly outbox: Outbox;
	readonly progress: Progress;
	readonly signal: AbortSignal;
	/** Commits end the turns, not silence. */
	readonly isManual: boolean;
	/** The transcript of the input becomes events. */
	readonly transcribes: boolean;
	/** Returns the time of the input after so many bytes, in milliseconds. */
	readonly msOf: (bytes: number) => number;
	/** Called when the speaker starts to speak. Never for manual turns. */
	readonly onSpeech: () => void;
	/** Called with the text of each turn, empty if no word was recognized. */
	readonly onTurn: (text: string) => void;
	/** Called when a turn ends without a text. */
	readonly onTurnLost: () => void;
}

/** Listens to the input of a session: finds the turns, and has them written down. */
export class Listening {
	readonly #options: ListeningOptions;
	readonly #transcriber: Transcriber;
	/** The turn that the speaker has not ended. */
	#turn: Turn | undefined;
	/** Turns that have ended, whose text is not there yet. */
	#ended = 0;
	#last: Promise<void> = Promise.resolve();
	#isBusy = false;
	#turns = 0;
	#bytes = 0;

	constructor(options: ListeningOptions) {
		this.#options = options;
		this.#transcriber = new Transcriber(options.recognition, options.progress, options.signal);
	}

	/** True if all input that ends turns has its text. */
	get isSettled(): boolean {
		return !this.#isBusy && !this.#options.input.hasStep && this.#ended === 0;
	}

	/** True while the speaker has the floor: speaks, or has just spoken and the text is not there yet. */
	get isHearing(): boolean {
		return this.#ended > 0 || (!this.#options.isManual && this.#turn !== undefined);
	}

	/**
	 * Takes the input until the session ends.
	 *
	 * @throws SpearError if the detection fails.
	 */
	async run(): Promise<void> {
		const { input, progress } = this.#options;
		for (;;) {
			await progress.until(() => input.hasStep && this.#transcriber.pending < MAX_PENDING_PARTS);
			if (progress.hasEnded) return;
			const step = input.next();
			if (step === undefined) continue;
			this.#isBusy = true;
			progress.changed();
			await this.#take(step);
			this.#isBusy = false;
			progress.changed();
		}
	}

	async #take(step: InputStep): Promise<void> {
		const { detector, isManual } = this.#options;
		switch (step.type) {
			case "audio":
				this.#bytes += step.audio.length;
				this.#apply(await detector.add(step.audio));
				return;
			case "commit":
				this.#apply(await detector.flush(), true);
				return;
			case "flush":
				if (!isManual) this.#apply(await detector.flush());
				return;
			case "clear":
				await detector.reset();
				this.#clear();
		}
	}

	#apply(events: readonly SpeechEvent[], isCommit = false): void {
		const { outbox, isManual } = this.#options;
		const hadTurn = this.#turn !== undefined;
		for (const event of events) {
			if (event.type === "speech") this.#openTurn().add(event.samples);
			else if (isManual) this.#turn?.endPart();
			else if (event.type === "speech-started") {
				this.#openTurn();
				outbox.post({ type: "speech_started", speech_started: Math.round(event.atMs) });
				this.#options.onSpeech();
			} else {
				outbox.post({ type: "speech_stopped", speech_stopped: Math.round(event.atMs) });
				this.#endTurn();
			}
		}
		if (!isCommit) return;
		if (isManual) this.#endTurn();
		else if (!hadTurn) outbox.post(warning(new SpearError("invalid_request", NOTHING_TO_COMMIT)));
	}

	#openTurn(): Turn {
		this.#turn ??= this.#newTurn();
		return this.#turn;
	}

	#newTurn(): Turn {
		const { isManual, transcribes } = this.#options;
		const id = `input-${++this.#turns}`;
		let isFirst = true;
		const onWords = (words: readonly string[]): void => {
			if (words.length === 0) return;
			this.#postDelta(id, `${isFirst ? "" : " "}${words.join(" ")}`);
			isFirst = false;
		};
		// The audio of a manual turn may still be discarded, so its transcript waits for the commit.
		return new Turn(id, this.#transcriber, transcribes && !isManual ? onWords : undefined);
	}

	#endTurn(): void {
		const turn = this.#turn ?? this.#newTurn();
		this.#turn = undefined;
		this.#ended++;
		const text = turn.finish();
		// The next line reports the failure.
		text.catch(() => {});
		this.#last = this.#last.then(() => this.#complete(turn, text));
	}

	async #complete(turn: Turn, written: Promise<string>): Promise<void> {
		const { outbox, progress, signal, isManual, transcribes, onTurn, onTurnLost } = this.#options;
		try {
			const text = await written;
			if (transcribes) {
				if (isManual && text !== "") this.#postDelta(turn.id, text);
				outbox.post({ type: "input_transcript_done", input_transcript_done: { item_id: turn.id, text } });
			}
			this.#ended--;
			onTurn(text);
		} catch (thrown) {
			if (!signal.aborted) outbox.post(warning(SpearError.from(thrown)));
			this.#ended--;
			onTurnLost();
		} finally {
			progress.changed();
		}
	}

	#clear(): void {
		const { outbox, isManual, msOf, onTurnLost } = this.#options;
		if (this.#turn === undefined) return;
		this.#turn.discard();
		this.#turn = undefined;
		if (!isManual) outbox.post({ type: "speech_stopped", speech_stopped: msOf(this.#bytes) });
		onTurnLost();
	}

	#postDelta(item_id: string, text: string): void {
		this.#options.outbox.post({ type: "input_transcript", input_transcript: { item_id, text } });
	}
}

const NOTHING_TO_COMMIT = "commit: the detection of turns has ended all speech so far, so nothing is left to commit";
