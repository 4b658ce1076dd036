import { abortError } from "../../../../errors/spear-error.ts";
import type { EngineThread } from "../../../kit/engine/engine-thread.ts";
import type { SegmenterResult, SegmenterTask } from "./segmenter-thread.ts";
import type { SessionSettings } from "./sound-session.ts";
import type { SpeechEvent } from "./speech-cutter.ts";

/** Sound of a task, in seconds, which bounds its time: other sessions have their turns between tasks. */
const TASK_SECONDS = 0.5;

/** Bytes of a task at least, and while the rate of the sound is not known: a second at the lowest rate. */
const MIN_TASK_BYTES = 1024;

/** Bytes of a task at most. */
const MAX_TASK_BYTES = 16 * 1024;

export type SegmenterEngine = EngineThread<SegmenterTask, SpeechEvent, SegmenterResult>;

/** The caller of a session. */
export interface SegmenterCaller {
	/** Ends every call of the session. */
	readonly signal: AbortSignal;
	/** Id of the guest that the session is for. Guests take turns. The default is the embedder. */
	readonly guest?: string | undefined;
}

let lastSession = 0;

/** Returns the number of a new session. Numbers are not used again, so a thread that replaces an ended one knows none of its sessions. */
export function newSession(): number {
	return ++lastSession;
}

/** A session in the thread that finds speech. One call runs at once. Close every session. */
export class SegmenterSession {
	readonly #engine: SegmenterEngine;
	readonly #session = newSession();
	readonly #caller: SegmenterCaller;
	readonly #release: () => void;
	#seconds = 0;
	/** Bytes of the next task. */
	#taskBytes = MIN_TASK_BYTES;
	#isOpen = true;

	private constructor(engine: SegmenterEngine, caller: SegmenterCaller) {
		this.#engine = engine;
		this.#caller = caller;
		this.#release = engine.hold();
	}

	/**
	 * Opens a session.
	 *
	 * @throws SpearError as `EngineThread.run` does.
	 */
	static async open(engine: SegmenterEngine, settings: SessionSettings, caller: SegmenterCaller): Promise<SegmenterSession> {
		const session = new SegmenterSession(engine, caller);
		try {
			await engine.run({ type: "open", session: session.#session, settings }, caller);
			return session;
		} catch (thrown) {
			session.close();
			throw thrown;
		}
	}

	/** Duration of the sound so far, in seconds. */
	get seconds(): number {
		return this.#seconds;
	}

	/**
	 * Adds bytes, and yields the events of the speech in them.
	 *
	 * @throws SpearError `invalid_request` for a recording that cannot be read.
	 */
	async *add(bytes: Uint8Array): AsyncGenerator<SpeechEvent, void, void> {
		for (let at = 0; at < bytes.length; ) {
			// A copy of its own buffer, which moves to the thread. The bytes may be a part of a larger buffer.
			const part = new Uint8Array(bytes.subarray(at, at + this.#taskBytes));
			const { length } = part;
			at += length;
			const before = this.#seconds;
			yield* await this.#run({ type: "add", session: this.#session, bytes: part }, [part.buffer]);
			this.#taskBytes = taskBytes(length / (this.#seconds - before));
		}
	}

	/** Ends the sound, and yields the remaining events. */
	async *end(): AsyncGenerator<SpeechEvent, void, void> {
		yield* await this.#run({ type: "end", session: this.#session });
	}

	/** Releases the session. */
	close(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		if (this.#engine.isLoaded) {
			const closed = this.#engine.run({ type: "close", session: this.#session }, { ...this.#caller, signal: new AbortController().signal });
			// A closed engine has no sessions.
			closed.catch(() => {}).finally(this.#release);
		} else this.#release();
	}

	async #run(task: SegmenterTask, transfer: ArrayBuffer[] = []): Promise<SpeechEvent[]> {
		if (this.#caller.signal.aborted) throw abortError(this.#caller.signal);
		const events: SpeechEvent[] = [];
		this.#seconds = await this.#engine.run(task, { ...this.#caller, onEvent: (event) => events.push(event), transfer });
		return events;
	}
}

/** Returns the bytes of the next task, for sound of so many bytes a second. Infinity: a header so far. */
function taskBytes(rate: number): number {
	return Number.isFinite(rate) ? Math.max(MIN_TASK_BYTES, Math.min(MAX_TASK_BYTES, Math.round(TASK_SECONDS * rate))) : MIN_TASK_BYTES;
}
