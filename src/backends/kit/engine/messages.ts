import type { ErrorCode } from "../../../../generated/ir/types.ts";
import type { CheckedFile } from "./checked-file.ts";

/** Values that a thread starts with. */
export interface ThreadData {
	/** Settings of the engine, such as the paths of a model's files. */
	readonly settings: unknown;
	/** Files that must be unchanged before the engine is loaded. */
	readonly checks: readonly CheckedFile[];
	/** Id of the latest cancelled task, at index 0. Shared, because a thread that computes receives no message. */
	readonly cancelled: Int32Array;
}

/** Task for a thread, which runs tasks one after another. */
export interface TaskMessage<Task> {
	readonly id: number;
	readonly task: Task;
}

/** Message from a thread. */
export type ThreadMessage<Event, Result> =
	/** The engine is loaded. */
	| { readonly type: "ready" }
	/** The engine could not be loaded. The thread ends. */
	| { readonly type: "unusable"; readonly failure: ThreadFailure }
	| { readonly type: "event"; readonly id: number; readonly event: Event }
	| { readonly type: "done"; readonly id: number; readonly result: Result }
	| { readonly type: "failed"; readonly id: number; readonly failure: ThreadFailure };

/** An error in a form that crosses threads. */
export interface ThreadFailure {
	/** Code of a SpearError. Absent for other errors, whose message is for the host's log alone. */
	readonly code?: ErrorCode;
	readonly message: string;
}
