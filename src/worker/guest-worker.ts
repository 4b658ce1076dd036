/**
 * Entry of a worker thread that runs the instances of one guest, one after the other. The thread knows neither the configuration nor a key:
 * it has the guest, its limits, and a channel to the host.
 */
import { parentPort, workerData } from "node:worker_threads";
import { SpearError } from "../errors/spear-error.ts";
import { BlockingCalls } from "./blocking-calls.ts";
import { Outbox } from "./outbox.ts";
import type { FromWorker, ThreadData, ToWorker } from "./protocol.ts";
import { type InstanceParts, instanceParts, WorkerInstance } from "./worker-instance.ts";

const thread: ThreadData = workerData;
const port = parentPort;
if (port === null) throw new Error("this module is the entry of a worker thread");

const outbox = new Outbox<FromWorker>(port, (message, cause) => {
	throw new Error(`a message of type ${message.type} cannot be sent to the host`, { cause });
});
const blocking = new BlockingCalls(thread);

/** Parts of the instance from its start to its end. An abort may arrive before the guest has started. */
let parts: InstanceParts | undefined;
let instance: WorkerInstance | undefined;

async function start({ guest, limits, hasTools }: Extract<ToWorker, { readonly type: "start" }>): Promise<void> {
	// The host has done with an instance that it has closed, and knows its messages no more.
	const own = instanceParts((message) => parts === own && outbox.post(message), blocking, limits, hasTools);
	parts = own;
	try {
		instance = await WorkerInstance.start(guest, own);
		outbox.post({ type: "started" });
	} catch (thrown) {
		own.resources.disposeAll();
		outbox.post({ type: "not-started", error: SpearError.from(thrown).toRecord() });
	}
}

async function run({ id, input, limits, isRead }: Extract<ToWorker, { readonly type: "run" }>): Promise<void> {
	try {
		if (instance === undefined) throw new SpearError("invalid_request", "the instance has ended; instantiate the agent again");
		const running = instance;
		const outcome = await running.run(input, limits, isRead);
		outbox.post({ type: "outcome", id, outcome, cpuMs: running.cpuMs });
	} catch (thrown) {
		outbox.post({ type: "refused", id, error: SpearError.from(thrown).toRecord() });
	}
}

function close(): void {
	instance?.close();
	instance = undefined;
	parts = undefined;
	outbox.post({ type: "closed" });
}

function receive(message: ToWorker): void {
	switch (message.type) {
		case "start":
			void start(message);
			break;
		case "run":
			void run(message);
			break;
		case "abort":
			parts?.abort.abort(SpearError.fromRecord(message.error));
			break;
		case "pause":
			instance?.pause(message.ms);
			break;
		case "close":
			close();
			break;
		default:
			parts?.calls.receive(message);
	}
}

port.on("message", (messages: readonly ToWorker[]) => {
	for (const message of messages) receive(message);
});
outbox.post({ type: "ready" });
