import type { Clock } from "../../time/clock.ts";
import type { RunStep, StepEvent } from "../run-contents/run-step.ts";
import { untilStored } from "./until-stored.ts";

/** Time for which output waits for more, in milliseconds: a write to the store for each token of a model would be many. */
const BATCH_MS = 50;

/** Size of the output that is written without a further wait, in characters. Longest text of one step too. */
const BATCH_CHARS = 32_768;

/** Size of the output that may wait while a write is in progress, in characters. The guest waits then. */
const MAX_WAITING_CHARS = 65_536;

export interface StepWriterParts {
	readonly clock: Clock;
	/** Ends every wait. */
	readonly signal: AbortSignal;
	/** Name of the execution. */
	readonly execution: string;
	/** Returns the stored form of a step. */
	readonly seal: (step: RunStep) => Uint8Array;
	/** Appends steps. Returns false if the attempt is no longer this worker's. */
	readonly append: (steps: readonly Uint8Array[]) => Promise<boolean>;
	/** Called once, when `append` has returned false or has failed for good. No further step is written then. */
	readonly onEnd: (thrown?: unknown) => void;
}

/**
 * Writes the output of an attempt to the store, in batches. Adjoining texts become one. While the store is slow or cannot be reached, `push` waits, and
 * so does the guest. At most 64 KiB and one output wait, besides the batch that is being written.
 */
export class StepWriter {
	readonly #parts: StepWriterParts;
	#waiting: StepEvent[] = [];
	#waitingChars = 0;
	#number = 0;
	#cancelTimer: (() => void) | undefined;
	/** The write in progress. Never rejects. */
	#writing: Promise<void> | undefined;
	#hasEnded = false;

	constructor(parts: StepWriterParts) {
		this.#parts = parts;
	}

	/** Adds a step. Resolves when there is room for the next one. */
	async push(event: StepEvent): Promise<void> {
		if (event.type === "text") for (const text of pieces(event.text)) this.#addText(text);
		else this.#add(event, event.type === "event" ? event.name.length + JSON.stringify(event.data ?? null).length : 0);
		if (this.#waitingChars >= BATCH_CHARS) this.#write();
		else this.#cancelTimer ??= this.#parts.clock.after(BATCH_MS, () => this.#write());
		while (this.#waitingChars >= MAX_WAITING_CHARS && this.#writing !== undefined) await this.#writing;
	}

	/** Resolves when all steps are stored, or never will be. */
	async flush(): Promise<void> {
		while (this.#waiting.length > 0 || this.#writing !== undefined) {
			this.#write();
			await this.#writing;
		}
	}

	/** Discards what waits. A write in progress goes on. */
	discard(): void {
		this.#hasEnded = true;
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
		this.#waiting = [];
		this.#waitingChars = 0;
	}

	#addText(text: string): void {
		const last = this.#waiting.at(-1);
		if (last?.type === "text" && last.text.length + text.length <= BATCH_CHARS) {
			this.#waiting[this.#waiting.length - 1] = { type: "text", text: last.text + text };
			this.#waitingChars += text.length;
		} else this.#add({ type: "text", text }, text.length);
	}

	#add(event: StepEvent, chars: number): void {
		if (this.#hasEnded) return;
		this.#waiting.push(event);
		this.#waitingChars += chars + 1;
	}

	#write(): void {
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
		if (this.#writing !== undefined || this.#waiting.length === 0) return;
		const steps = this.#waiting.map((event) => this.#parts.seal({ execution: this.#parts.execution, number: ++this.#number, event }));
		this.#waiting = [];
		this.#waitingChars = 0;
		this.#writing = this.#store(steps).finally(() => {
			this.#writing = undefined;
			if (this.#waitingChars >= BATCH_CHARS) this.#write();
			else if (this.#waiting.length > 0) this.#cancelTimer ??= this.#parts.clock.after(BATCH_MS, () => this.#write());
		});
	}

	async #store(steps: readonly Uint8Array[]): Promise<void> {
		const { append, onEnd, clock, signal } = this.#parts;
		try {
			if (await untilStored(() => append(steps), { clock, signal })) return;
			this.discard();
			onEnd();
		} catch (thrown) {
			this.discard();
			if (!signal.aborted) onEnd(thrown);
		}
	}
}

/** Returns the pieces of a text, none of which cuts a character in two. */
function pieces(text: string): readonly string[] {
	if (text.length <= BATCH_CHARS) return [text];
	const found: string[] = [];
	for (let start = 0; start < text.length; ) {
		let end = Math.min(start + BATCH_CHARS, text.length);
		const last = text.charCodeAt(end - 1);
		if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
		found.push(text.slice(start, end));
		start = end;
	}
	return found;
}
