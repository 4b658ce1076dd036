import type { SpearError } from "../../../../errors/spear-error.ts";
import { EngineThread, threadModule } from "../../../kit/engine/engine-thread.ts";
import { fileOf } from "../file-of.ts";
import type { LocalContext } from "../operation.ts";
import type { SpeechTask } from "./flite-thread.ts";

/** Name of the model, for guests and in the store. */
export const SYNTHESIZER_MODEL = "flite";

/** The caller of a task. */
export interface SpeechCaller {
	/** Ends the wait for the task at once. */
	readonly signal: AbortSignal;
	/** Id of the guest that the task is for. Guests take turns. The default is the embedder. */
	readonly guest?: string | undefined;
}

/** The synthesizer flite in a thread. Operations of an instance share it. */
export class Synthesizer {
	readonly #settings: () => Promise<string>;
	readonly #engine: EngineThread<SpeechTask, Uint8Array<ArrayBuffer>>;

	constructor({ options, files, register }: LocalContext) {
		this.#settings = () => fileOf(files, SYNTHESIZER_MODEL, "flite.wasm");
		this.#engine = new EngineThread({
			title: "text to speech",
			entry: threadModule("./flite-thread", import.meta.url),
			settings: this.#settings,
			checks: () => files.checksOf?.(SYNTHESIZER_MODEL) ?? [],
			// The operations bound their requests and sessions. Each has one task at most, and one that was aborted.
			maxPending: Number.POSITIVE_INFINITY,
			idleMs: options.idleMs,
		});
		register(SYNTHESIZER_MODEL, this.#engine, ["text_to_speech", "realtime_voice"]);
	}

	/** Returns the speech of a sentence, as 16-bit samples. */
	async speak(task: SpeechTask, caller: SpeechCaller): Promise<Uint8Array> {
		let samples = new Uint8Array();
		await this.#engine.run(task, {
			...caller,
			onEvent: (event) => {
				samples = event;
			},
		});
		return samples;
	}

	/**
	 * Loads the engine, and keeps it loaded until the returned function is called.
	 *
	 * @throws SpearError with the remedy if the model is missing.
	 */
	hold(caller: SpeechCaller): Promise<() => void> {
		return this.#engine.holdLoaded(caller);
	}

	/** Checks that the model is there. @throws SpearError with the remedy. */
	async check(): Promise<void> {
		await this.#settings();
	}

	/** Ends every task with `reason`, and the thread. */
	close(reason: SpearError): Promise<void> {
		return this.#engine.close(reason);
	}
}
