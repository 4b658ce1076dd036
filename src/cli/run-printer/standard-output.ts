import { once } from "node:events";
import process from "node:process";

/** Standard output, written as fast as its reader takes the text. */
export class StandardOutput implements Disposable {
	#hasReader = true;
	readonly #onFault = (): void => {
		this.#hasReader = false;
	};

	constructor() {
		process.stdout.on("error", this.#onFault);
	}

	/** False after the reader has closed the pipe, which is no failure: see `handleOutputFaults`. */
	get hasReader(): boolean {
		return this.#hasReader;
	}

	/**
	 * Writes text, and waits while the reader is behind.
	 *
	 * @param signal Ends the wait.
	 * @returns False if more text is of no use: the reader has gone, or `signal` is aborted.
	 */
	async write(text: string, signal: AbortSignal): Promise<boolean> {
		if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain", { signal }).catch(() => {});
		return this.#hasReader && !signal.aborted;
	}

	[Symbol.dispose](): void {
		process.stdout.off("error", this.#onFault);
	}
}
