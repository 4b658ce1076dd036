import type { LineSink } from "./line-buffer.ts";

const MAX_TAIL_LINES = 40;

/** Receivers of a guest's lines. The default drops them. */
export interface OutputSinks {
	readonly stdout?: LineSink;
	readonly stderr?: LineSink;
	/** Receives the text of standard output as it is written. Returns a promise if the guest has to wait. */
	readonly text?: ((text: string) => Promise<void> | undefined) | undefined;
}

/** Standard output and error of one instance. The receivers come with its first run, and an instance that was made in advance has none yet. */
export class GuestOutput {
	#sinks: OutputSinks = {};
	/** Last lines of standard error, where language runtimes explain their panics. */
	readonly #tail: string[] = [];

	connect(sinks: OutputSinks): void {
		this.#sinks = sinks;
	}

	readonly stdout: LineSink = (line, isCut) => {
		this.#sinks.stdout?.(line, isCut);
	};

	readonly text = (text: string): Promise<void> | undefined => this.#sinks.text?.(text);

	readonly stderr: LineSink = (line, isCut) => {
		this.#tail.push(line);
		if (this.#tail.length > MAX_TAIL_LINES) this.#tail.shift();
		this.#sinks.stderr?.(line, isCut);
	};

	/** The last lines of standard error. */
	get stderrTail(): string {
		return this.#tail.join("\n");
	}
}
