import type { GuestInstance } from "../../../src/abi/guest-module.ts";
import type { GuestServices } from "../../../src/host/guest-services.ts";
import { GuestThread } from "../../../src/host/worker/guest-thread.ts";
import { workerGuest } from "../../../src/host/worker/worker-guest.ts";
import { MemoryAccount } from "../../../src/memory/memory-account.ts";
import { TotalMemory } from "../../../src/memory/total-memory.ts";
import { systemClock } from "../../../src/time/clock.ts";
import { LIMITS, NO_GUEST_MEDIA } from "../../helpers/guest-scope.ts";
import { stubScope } from "../../helpers/stub-scope.ts";

/** A worker whose JavaScript belongs to an attacker. */
export interface HostileWorker {
	readonly instance: GuestInstance;
	readonly thread: GuestThread;
	/** Faults that the host has logged. */
	readonly faults: string[];
	/** Log lines that the host has written. */
	readonly lines: string[];
	/** Aborts the instance. */
	readonly abort: AbortController;
}

/** Memory that the guest of the worker may have, in bytes. */
const MAX_MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * Starts a worker that runs `attack` when it is told to run its guest.
 *
 * @param onStart Statements for the order to start the guest. The default obeys.
 * @param attack Statements of JavaScript. `post` sends one list of messages, `ask` makes a blocking call, `chat` makes a chat's call, `data` is that of the thread, and `received` holds the host's messages.
 */
export async function startHostileWorker(
	attack: string,
	services: Partial<GuestServices> = {},
	onStart = 'post({ type: "started" })',
): Promise<HostileWorker> {
	const source = `
		import { parentPort, workerData as data } from "node:worker_threads";
		const received = [];
		const post = (...messages) => parentPort.postMessage(messages);
		const ask = (call) => data.port.postMessage(call);
		const chat = (more) => ({ operation: "chat_completions", options: undefined,
			payload: { messages: [{ role: "user", content: [{ type: "text", text: "hi" }], tool_calls: [] }], tools: [] }, ...more });
		const attack = async (id) => { ${attack} };
		parentPort.on("message", (messages) => {
			for (const message of messages) {
				received.push(message);
				if (message.type === "start") { ${onStart}; }
				if (message.type === "run") attack(message.id);
			}
		});
		post({ type: "ready" });`;
	const thread = new GuestThread(MAX_MEMORY_BYTES, new URL(`data:text/javascript,${encodeURIComponent(source)}`));
	const faults: string[] = [];
	const lines: string[] = [];
	const abort = new AbortController();
	const log = (fields: Readonly<Record<string, unknown>>, message: string): void =>
		void faults.push(`${message} ${String(fields.rule ?? "")}`);
	const pool = { acquire: async () => thread.ready.then(() => thread), release: () => {} };
	const memory = new MemoryAccount({ limit: Number.POSITIVE_INFINITY, total: new TotalMemory(Number.POSITIVE_INFINITY) });
	const data = { guest: { source: "guest.wasm" }, maxMemoryBytes: MAX_MEMORY_BYTES, maxInstanceBytes: MAX_MEMORY_BYTES };
	const guest = workerGuest(pool, { abi: "component", locate: (text) => text, initialBytes: 0 }, data, "guest");
	const instance = await guest.start({
		memory,
		streams: undefined,
		microphone: undefined,
		onCheck: undefined,
		signal: abort.signal,
		limits: LIMITS,
		pipeline: stubScope().pipeline,
		media: NO_GUEST_MEDIA,
		clock: systemClock,
		writeLog: (_, message) => lines.push(message),
		emit: () => undefined,
		isRead: () => false,
		writeOutput: (_, line) => lines.push(line),
		faults: { trace: log, debug: () => {}, info: log, warn: log, error: log },
		...services,
	});
	return { instance, thread, faults, lines, abort };
}
