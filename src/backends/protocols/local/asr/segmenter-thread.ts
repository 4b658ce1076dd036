/** Thread that finds speech in sound: decodes it, changes its sample rate, and asks the voice activity detector about each window. */

import { SpearError } from "../../../../errors/spear-error.ts";
import { AudioFormatError } from "../../../../formats/audio-format-error.ts";
import { serveEngine, type TaskContext } from "../../../kit/engine/serve-engine.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { LiveSession, type LiveSettings } from "./live-session.ts";
import { loadLibrary } from "./load-library.ts";
import type { SpeechPackages } from "./packages.ts";
import type { SpeechDetector } from "./sherpa.ts";
import { type SessionSettings, SoundSession } from "./sound-session.ts";
import type { SpeechEvent } from "./speech-cutter.ts";

/** Settings of the thread. */
export interface SegmenterSettings {
	readonly packages: SpeechPackages;
	/** Absolute path of the detector's model. */
	readonly detector: string;
}

/** Task for a session, by a number that the host chooses. A session ends with `end`, with `close` or with its first failure. */
export type SegmenterTask =
	/** Opens a session for a recording. */
	| { readonly type: "open"; readonly session: number; readonly settings: SessionSettings }
	/** Opens a live session. */
	| { readonly type: "listen"; readonly session: number; readonly settings: LiveSettings }
	| { readonly type: "add"; readonly session: number; readonly bytes: Uint8Array }
	/** Ends the speech in progress of a live session. */
	| { readonly type: "flush"; readonly session: number }
	/** Discards the speech in progress of a live session. */
	| { readonly type: "reset"; readonly session: number }
	| { readonly type: "end"; readonly session: number }
	| { readonly type: "close"; readonly session: number };

/** Returns true for settings of this thread. */
function isSettings(value: unknown): value is SegmenterSettings {
	return isObject(value) && isObject(value.packages) && typeof value.detector === "string";
}

/** Duration of the session's sound so far, in seconds. */
export type SegmenterResult = number;

/** Probability of speech that recordings are judged by, and most live sessions. */
const THRESHOLD = 0.5;

/** Most detectors that wait for a session. Each takes about 10 MB, and as long to make as a second of sound to judge. */
const MAX_SPARE = 8;

interface Open {
	readonly session: SoundSession | LiveSession;
	readonly detector: SpeechDetector;
	/** True if another session may use the detector. */
	readonly isShared: boolean;
}

/** The sessions of this thread. */
class Sessions {
	readonly #open = new Map<number, Open>();
	readonly #spare: SpeechDetector[] = [];
	readonly #create: (threshold: number) => SpeechDetector;

	constructor(create: (threshold: number) => SpeechDetector) {
		this.#create = create;
		this.#spare.push(create(THRESHOLD));
	}

	run(task: SegmenterTask, context: TaskContext<SpeechEvent>): SegmenterResult {
		if (task.type === "open") return this.#start(task.session, THRESHOLD, (detector) => new SoundSession(task.settings, detector));
		if (task.type === "listen")
			return this.#start(task.session, task.settings.threshold, (detector) => new LiveSession(task.settings, detector));
		if (task.type === "close") return this.#close(task.session);
		const open = this.#open.get(task.session);
		// Only a thread that has replaced an ended one does not know a session.
		if (open === undefined)
			throw new SpearError("backend_error", "the engine of speech detection ended unexpectedly; send the sound again");
		let isComplete = false;
		try {
			for (const event of eventsOf(open.session, task)) {
				context.emit(event, "samples" in event ? [event.samples.buffer] : []);
				if (context.isCancelled) return 0;
			}
			isComplete = task.type !== "end";
			return open.session.seconds;
		} catch (thrown) {
			throw thrown instanceof AudioFormatError ? refused(thrown) : thrown;
		} finally {
			if (!isComplete) this.#close(task.session);
		}
	}

	#start(number: number, threshold: number, session: (detector: SpeechDetector) => Open["session"]): number {
		const isShared = threshold === THRESHOLD;
		const detector = (isShared ? this.#spare.pop() : undefined) ?? this.#create(threshold);
		this.#open.set(number, { detector, session: session(detector), isShared });
		return 0;
	}

	#close(number: number): number {
		const open = this.#open.get(number);
		this.#open.delete(number);
		if (open === undefined) return 0;
		if (!open.isShared || this.#spare.length >= MAX_SPARE) open.detector.free();
		else {
			open.detector.reset();
			this.#spare.push(open.detector);
		}
		return 0;
	}
}

/** Returns the events of a task for an open session. */
function eventsOf(session: Open["session"], task: Exclude<SegmenterTask, { type: "open" | "listen" | "close" }>): Iterable<SpeechEvent> {
	if (task.type === "add") return session.add(task.bytes);
	if (session instanceof SoundSession) return session.end();
	if (task.type === "flush") return session.flush();
	session.reset();
	return [];
}

function refused({ message, extension }: AudioFormatError): SpearError {
	const from = extension === undefined || extension === "wav" ? "recording" : `recording.${extension}`;
	return new SpearError(
		"invalid_request",
		`audio: ${message}; the local recognizer reads WAV: convert it, for example with "ffmpeg -i ${from} speech.wav"`,
	);
}

await serveEngine<SegmenterTask, SpeechEvent, SegmenterResult>((settings) => {
	if (!isSettings(settings)) throw new Error("the settings of the segmenter are missing");
	const { packages, detector } = settings;
	const library = loadLibrary(packages);
	const sessions = new Sessions((threshold) => library.createDetector(detector, threshold));
	return (task, context) => sessions.run(task, context);
});
