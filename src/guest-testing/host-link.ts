import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { FromHost, HostSetup, HostTime, ThreadData, ToHost } from "./protocol.ts";

/** The module of the host's thread: beside this one in the sources, and in the package. */
const ENTRY = new URL(`./host-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);

/** Longest wait for the host, in milliseconds of real time. A host whose time is virtual takes a small part of that. */
const MAX_WAIT_MS = 60_000;

/** Threads whose host is closed. The next host starts there, which takes a small part of the time of a new thread. */
const idle: HostLink[] = [];

/** A host in a thread of its own. The thread of the guest waits for its answers without a turn of the event loop, as a guest does. */
export class HostLink {
	readonly #worker: Worker;
	readonly #port: MessagePort;
	readonly #posted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	readonly #maxWaitMs: number;
	#closed = false;
	#failure: unknown;

	readonly #time: HostTime;

	private constructor(time: HostTime, maxWaitMs: number) {
		this.#time = time;
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		this.#maxWaitMs = maxWaitMs;
		const workerData: ThreadData = { time, port: port2, posted: this.#posted };
		// The hooks and the variables of the test must not reach the host.
		this.#worker = new Worker(ENTRY, {
			name: "spear mock host",
			workerData,
			transferList: [port2],
			execArgv: ["--disable-warning=ExperimentalWarning"],
			env: {},
			argv: [],
		});
		this.#worker.on("error", (cause: unknown) => {
			this.#failure = cause;
		});
		this.#worker.unref();
		port1.unref();
	}

	/**
	 * Starts a host.
	 *
	 * @throws Error for a configuration that cannot be used.
	 */
	static open(setup: HostSetup, time: HostTime, maxWaitMs = MAX_WAIT_MS): HostLink {
		const at = idle.findIndex((link) => link.#time === time && link.#failure === undefined);
		const link = idle.splice(at, at === -1 ? 0 : 1)[0] ?? new HostLink(time, maxWaitMs);
		link.#closed = false;
		try {
			link.exchange({ type: "open", setup }, () => {});
			return link;
		} catch (thrown) {
			link.#closed = true;
			idle.push(link);
			throw thrown;
		}
	}

	/**
	 * Sends a message and waits for its answer. Passes all other messages to `onOther`, which may send messages.
	 *
	 * @throws Error if the host does not answer.
	 */
	exchange(message: ToHost, onOther: (message: FromHost) => void): FromHost {
		if (this.#closed) throw new Error("the mock host is closed");
		this.send(message);
		const end = performance.now() + this.#maxWaitMs;
		for (;;) {
			const seen = Atomics.load(this.#posted, 0);
			const received = receiveMessageOnPort(this.#port);
			if (received !== undefined) {
				const from: FromHost = received.message;
				if (from.type === "failed") throw new Error(`the mock host failed: ${from.message}`);
				if (from.type === "answer" || from.type === "done" || from.type === "ended") return from;
				onOther(from);
				continue;
			}
			const left = end - performance.now();
			if (left <= 0 || Atomics.wait(this.#posted, 0, seen, left) === "timed-out")
				throw new Error(`the mock host did not answer within ${this.#maxWaitMs / 1000} s; is there anything that the guest waits for?`, {
					cause: this.#failure,
				});
		}
	}

	send(message: ToHost): void {
		this.#port.postMessage(message);
	}

	/** Ends the host. The thread stays for the next one. */
	close(): void {
		if (this.#closed) return;
		this.exchange({ type: "close" }, () => {});
		this.#closed = true;
		idle.push(this);
	}
}
