import process from "node:process";

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";

/** The whole terminal, for a picture that is drawn again and again. Leaves the terminal as it was. */
export class Screen implements Disposable {
	readonly #onKey: (key: string) => void;
	readonly #leave = (): void => {
		process.stdout.write(LEAVE);
	};

	/** @param onKey Called with each key. Ctrl-C is `\x03`. */
	constructor(onKey: (key: string) => void) {
		this.#onKey = onKey;
		process.stdout.write(ENTER);
		process.stdin.setRawMode(true);
		process.stdin.setEncoding("utf8");
		process.stdin.on("data", this.#onKey);
		process.stdin.resume();
		// A failure of the process must not leave the terminal without a cursor.
		process.once("exit", this.#leave);
	}

	/** Returns true if a screen can be shown. */
	static get isPossible(): boolean {
		return process.stdout.isTTY === true && process.stdin.isTTY === true;
	}

	/**
	 * @param text Lines without control characters. What does not fit is cut.
	 * @param footer Line below them.
	 */
	draw(text: string, footer: string): void {
		// Some terminals tell no size, or 0.
		const columns = process.stdout.columns || 80;
		const rows = process.stdout.rows || 24;
		const lines = [...text.split("\n").slice(0, rows - 2), footer];
		process.stdout.write(`\x1b[H${lines.map((line) => `${[...line].slice(0, columns).join("")}\x1b[K`).join("\r\n")}\x1b[J`);
	}

	[Symbol.dispose](): void {
		process.stdin.off("data", this.#onKey);
		process.stdin.setRawMode(false);
		process.stdin.pause();
		process.off("exit", this.#leave);
		this.#leave();
	}
}
