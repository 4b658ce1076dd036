import { require } from "./violation.ts";

/** Bytes that may be sent before the receiver has taken them. A single event may exceed the window. */
export class SendWindow {
	readonly #max: number;
	#outstanding = 0;
	#wake: (() => void) | undefined;

	constructor(max: number) {
		this.#max = max;
	}

	/** Counts bytes that were sent. */
	use(bytes: number): void {
		this.#outstanding += bytes;
	}

	/** Counts bytes that the receiver has taken. @throws Violation for more than were sent. */
	credit(bytes: number): void {
		require(bytes <= this.#outstanding, "a worker returns more credit than it has received");
		this.#outstanding -= bytes;
		this.#wake?.();
	}

	/** Resolves when the window has room, or when the signal is aborted. `undefined` if it has room now. */
	whenOpen(signal: AbortSignal): Promise<void> | undefined {
		return this.#outstanding < this.#max ? undefined : this.#wait(signal);
	}

	async #wait(signal: AbortSignal): Promise<void> {
		while (this.#outstanding >= this.#max && !signal.aborted) {
			await new Promise<void>((resolve) => {
				const done = (): void => {
					signal.removeEventListener("abort", done);
					resolve();
				};
				this.#wake = done;
				signal.addEventListener("abort", done, { once: true });
			});
		}
	}
}
