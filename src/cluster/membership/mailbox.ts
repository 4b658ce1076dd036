import { randomUUID } from "node:crypto";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { Throttle } from "../../time/throttle.ts";
import type { Members } from "../members.ts";
import { type Answer, type Command, encodeMessage, readMessage } from "./messages.ts";

/** Time between two looks for answers while one is awaited, in milliseconds: notifications may be lost. */
const POLL_MS = 250;

/** Time that an answer waits for the host that asked, in milliseconds. */
const ANSWER_TTL_MS = 30_000;

/** Most commands that wait. Another writer to the store must not make a host read its configuration without end. */
const MAX_WAITING = 4;

/** Shortest time between two commands besides `ping`, in milliseconds. For the same reason. */
const MIN_PAUSE_MS = 100;

/** Shortest time between two log lines about messages that no host has written, in milliseconds. */
const NOTICE_MS = 60_000;

export interface MailboxOptions {
	readonly members: Members;
	readonly instance: string;
	readonly clock: Clock;
	readonly logger: Logger;
	/** Carries out a command. Must not throw. */
	readonly handle: (command: Command) => Promise<Answer>;
}

/** Commands from other hosts and to them. */
export class Mailbox {
	readonly #options: MailboxOptions;
	readonly #unlisten: () => void;
	readonly #asked = new Map<string, (answer: Answer) => void>();
	readonly #notice: Throttle;
	#waiting = 0;
	#queue: Promise<void> = Promise.resolve();
	#cancelPoll: (() => void) | undefined;
	#receiving: Promise<void> | undefined;
	#isClosed = false;

	constructor(options: MailboxOptions) {
		this.#options = options;
		this.#notice = new Throttle(options.clock, NOTICE_MS);
		this.#unlisten = options.members.onMessage(options.instance, () => void this.receive());
	}

	/**
	 * Sends a command to an instance, and returns its answer; `no_answer` after the timeout.
	 *
	 * @throws StoreError if the command cannot be sent.
	 */
	async ask(to: string, command: Command, timeoutMs: number): Promise<Answer> {
		const id = randomUUID();
		const { promise, resolve } = Promise.withResolvers<Answer>();
		const message = `no answer came in ${timeoutMs / 1_000} s`;
		this.#asked.set(id, resolve);
		const cancelTimer = this.#options.clock.after(timeoutMs, () => resolve({ ok: false, code: "no_answer", message, faults: [] }));
		this.#poll();
		try {
			const text = encodeMessage({ type: "command", id, from: this.#options.instance, command });
			await this.#options.members.send(to, text, timeoutMs);
			return await promise;
		} finally {
			cancelTimer();
			this.#asked.delete(id);
		}
	}

	/** Takes the messages that wait. Never rejects: a store that fails now is asked again. */
	async receive(): Promise<void> {
		if (this.#receiving !== undefined) {
			await this.#receiving;
			if (this.#receiving !== undefined) return this.#receiving;
		}
		this.#receiving = this.#receive().finally(() => {
			this.#receiving = undefined;
		});
		return this.#receiving;
	}

	/** Ends the listening. Commands that are awaited get `no_answer`. */
	close(): void {
		this.#isClosed = true;
		this.#unlisten();
		this.#cancelPoll?.();
		for (const resolve of this.#asked.values()) resolve({ ok: false, code: "no_answer", message: "this host is closing", faults: [] });
	}

	async #receive(): Promise<void> {
		const { members, instance, logger } = this.#options;
		const texts = await members.receive(instance).catch(() => []);
		for (const text of texts) {
			const message = readMessage(text);
			if (message === undefined) {
				const count = this.#notice.pass();
				if (count !== undefined)
					logger.warn({ count }, "the shared store held a message that no host has written; another program writes to these keys");
			} else if (message.type === "answer") this.#asked.get(message.id)?.(message.answer);
			else this.#accept(message.id, message.from, message.command);
		}
	}

	#accept(id: string, from: string, command: Command): void {
		if (this.#isClosed) return;
		const { handle, clock } = this.#options;
		if (command.kind === "ping") {
			void handle(command).then((answer) => this.#reply(id, from, answer));
			return;
		}
		if (this.#waiting >= MAX_WAITING) {
			void this.#reply(id, from, { ok: false, code: "busy", message: "too many commands wait at this host", faults: [] });
			return;
		}
		this.#waiting += 1;
		this.#queue = this.#queue.then(async () => {
			const answer = await handle(command);
			this.#waiting -= 1;
			await this.#reply(id, from, answer);
			await new Promise<void>((resolve) => clock.after(MIN_PAUSE_MS, resolve));
		});
	}

	async #reply(id: string, to: string, answer: Answer): Promise<void> {
		// The host that asked waits until its timeout, and then says so.
		await this.#options.members.send(to, encodeMessage({ type: "answer", id, answer }), ANSWER_TTL_MS).catch(() => {});
	}

	#poll(): void {
		if (this.#cancelPoll !== undefined || this.#isClosed) return;
		this.#cancelPoll = this.#options.clock.after(POLL_MS, () => {
			this.#cancelPoll = undefined;
			if (this.#asked.size === 0) return;
			void this.receive();
			this.#poll();
		});
	}
}
