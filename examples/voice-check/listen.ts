import { subscribeDuration } from "spear:ai/poll@0.1.0";
import { type Event, Session } from "spear:ai/rt@0.1.0";
import { pcm16, resample, type Sound } from "./sound.ts";

/** Sample rate of a live session's `pcm16`, in Hz. */
const RATE = 24_000;

/** Length of each part of the sound, in milliseconds. */
const PART_MS = 100;

/** Silence after the speech, so that the session notices the end, in milliseconds. */
const SILENCE_MS = 1_000;

/** Transcript of a live session. */
export interface LiveTranscript {
	readonly text: string;
	/** Number of texts that arrived before the complete ones. */
	readonly partials: number;
}

/**
 * Plays a sound into a live session at real speed, as a microphone would, and returns the transcript.
 *
 * @param onPartial Called with each partial transcript.
 */
export function listen(sound: Sound, onPartial: (text: string) => void): LiveTranscript {
	const samples = resample(sound, RATE);
	const bytes = new Uint8Array(2 * (samples.length + (RATE * SILENCE_MS) / 1000));
	bytes.set(pcm16(samples));

	const turns: string[] = [];
	let partials = 0;
	let begun = "";
	const note = (event: Event): void => {
		if (event.tag === "failed") throw new Error(event.val.message);
		if (event.tag === "input-transcript") {
			partials += 1;
			begun += event.val.text;
			onPartial(begun);
		}
		if (event.tag === "input-transcript-done") {
			turns.push(event.val.text);
			begun = "";
		}
	};

	using session = Session.connect({ mode: "transcription" }, null);
	const partBytes = (2 * RATE * PART_MS) / 1000;
	for (let from = 0; from < bytes.length; from += partBytes) {
		session.appendAudio(bytes.subarray(from, from + partBytes));
		using pause = subscribeDuration(PART_MS);
		pause.block();
		for (let event = session.tryNext(); event !== null && event !== undefined; event = session.tryNext()) note(event);
	}
	// A backend that does not find the end of speech by itself transcribes now.
	if (turns.length === 0) session.commit();
	session.drain();
	session.close();
	for (let event = session.next(); ; event = session.next()) {
		note(event);
		if (event.tag === "completed") return { text: turns.join(" "), partials };
	}
}
