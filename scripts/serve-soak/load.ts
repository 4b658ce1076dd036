import { setTimeout as sleep } from "node:timers/promises";
import { chat, type Ended, type Target } from "./request.ts";

/** Clients that send chats, one after the other, half of them streamed. */
export class Load {
	readonly ended: Ended[] = [];
	readonly #targets: readonly Target[];
	readonly #thinkMs: number;
	#isRunning = false;
	#clients: Promise<void>[] = [];

	/**
	 * @param targets One for each client.
	 * @param thinkMs Average time between the end of an answer and the next request, in milliseconds.
	 */
	constructor(targets: readonly Target[], thinkMs: number) {
		this.#targets = targets;
		this.#thinkMs = thinkMs;
	}

	start(): void {
		this.#isRunning = true;
		this.#clients = this.#targets.map((target, index) => this.#client(target, index));
	}

	/** Sends no more requests. Resolves when those in flight have ended. */
	async stop(): Promise<void> {
		this.#isRunning = false;
		await Promise.all(this.#clients);
	}

	/** Returns the requests that have ended since the last call. */
	take(): Ended[] {
		return this.ended.splice(0);
	}

	async #client(target: Target, index: number): Promise<void> {
		for (let turn = index; this.#isRunning; turn++) {
			await sleep(Math.random() * 2 * this.#thinkMs);
			if (this.#isRunning) this.ended.push(await chat(target, turn % 2 === 0));
		}
	}
}
