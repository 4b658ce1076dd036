import { setPriority } from "node:os";
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import { SpearError } from "../../../errors/spear-error.ts";
import { assertUnchanged } from "./checked-file.ts";
import type { TaskMessage, ThreadData, ThreadFailure, ThreadMessage } from "./messages.ts";

/** Values for one task. */
export interface TaskContext<Event> {
	/** True if no caller waits for the task any more. Ask between steps, and return early. */
	readonly isCancelled: boolean;
	/**
	 * Sends an event to the host.
	 *
	 * @param transfer Buffers that move to the host instead of being copied.
	 */
	emit(event: Event, transfer?: readonly ArrayBuffer[]): void;
}

/** A loaded engine: runs a task. Buffers of the result are copied, so large ones travel in events. */
export type LoadedEngine<Task, Event, Result> = (task: Task, context: TaskContext<Event>) => Result | Promise<Result>;

/**
 * Runs an engine in this thread. Call it at the end of the module that an `EngineThread` names.
 *
 * @param load Loads the engine. An error ends the thread, and fails the request that started it.
 */
export async function serveEngine<Task, Event, Result>(
	load: (settings: unknown) => LoadedEngine<Task, Event, Result> | Promise<LoadedEngine<Task, Event, Result>>,
): Promise<void> {
	const port = parentPort;
	if (port === null) throw new Error("this module runs in a thread of the host");
	const { settings, checks, cancelled }: ThreadData = workerData;
	const send = (message: ThreadMessage<Event, Result>, transfer: readonly ArrayBuffer[] = []): void =>
		port.postMessage(message, [...transfer]);
	let engine: LoadedEngine<Task, Event, Result>;
	try {
		lowerPriority();
		await assertUnchanged(checks);
		engine = await load(settings);
	} catch (thrown) {
		send({ type: "unusable", failure: failureOf(thrown) });
		port.close();
		return;
	}
	port.on("message", async ({ id, task }: TaskMessage<Task>) => {
		const context: TaskContext<Event> = {
			get isCancelled() {
				return Atomics.load(cancelled, 0) === id;
			},
			emit: (event, transfer) => send({ type: "event", id, event }, transfer),
		};
		try {
			send({ type: "done", id, result: await engine(task, context) });
		} catch (thrown) {
			send({ type: "failed", id, failure: failureOf(thrown) });
		}
	});
	send({ type: "ready" });
}

/** Niceness of the thread: beside a thread of niceness 0, it has a quarter of a busy processor. */
const NICENESS = 5;

/**
 * Lowers the priority of this thread, so that the event loop of the host goes first where processors are scarce. Only Linux has priorities of
 * single threads: other systems would change the whole process. Threads that the engine starts have the same priority.
 */
function lowerPriority(): void {
	if (process.platform === "linux") setPriority(NICENESS);
}

function failureOf(thrown: unknown): ThreadFailure {
	if (thrown instanceof SpearError) return { code: thrown.code, message: thrown.message };
	return { message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
}
