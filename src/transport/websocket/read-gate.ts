import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { TurnBudget } from "../../async/turn-budget.ts";

/**
 * Bytes that are read in one turn of the event loop. Otherwise Node reads up to 32 chunks of 64 KiB, which hold a million empty frames.
 */
const MAX_BYTES_PER_TURN = 64 * 1024;

type Pausable = Pick<WebSocket, "pause" | "resume" | "readyState">;

/** Pauses and resumes the socket of a WebSocket: by the need of its reader, and after the bytes of each turn of the event loop. */
export class ReadGate {
	readonly #webSocket: Pausable;
	readonly #budget = new TurnBudget(MAX_BYTES_PER_TURN);
	#open = false;
	#waiting = false;

	/**
	 * @param webSocket Must be paused.
	 * @param socket The socket under it.
	 */
	constructor(webSocket: Pausable, socket: Socket) {
		this.#webSocket = webSocket;
		socket.on("data", ({ length }: Buffer) => this.#onData(length));
	}

	/** Reads from the socket, from the next turn on if this turn has read enough. */
	open(): void {
		this.#open = true;
		if (!this.#waiting) this.#webSocket.resume();
	}

	/** Stops reading. Messages of bytes that were read already arrive all the same. */
	close(): void {
		this.#open = false;
		this.#webSocket.pause();
	}

	#onData(bytes: number): void {
		this.#budget.use(bytes);
		// After the close frame, the WebSocket itself reads to the end.
		if (!this.#budget.exhausted || this.#waiting || this.#webSocket.readyState !== WebSocket.OPEN) return;
		this.#waiting = true;
		this.#webSocket.pause();
		void this.#budget.nextTurn.then(() => {
			this.#waiting = false;
			if (this.#open) this.#webSocket.resume();
		});
	}
}
