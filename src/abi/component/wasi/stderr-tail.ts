const MAX_LINES = 40;

/** The last lines of a guest's standard error, where language runtimes explain their panics. */
export class StderrTail {
	readonly #lines: string[] = [];

	get text(): string {
		return this.#lines.join("\n");
	}

	push(line: string): void {
		this.#lines.push(line);
		if (this.#lines.length > MAX_LINES) this.#lines.shift();
	}
}
