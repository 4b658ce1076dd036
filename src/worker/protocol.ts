/**
 * Messages between the host's thread and the worker of a guest. Both directions send lists of messages, in order.
 *
 * The worker trusts the host. The host trusts nothing that a worker sends, see `src/host/worker/parse-message.ts`.
 */
import type { MessagePort } from "node:worker_threads";
import type { RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type * as log from "../../generated/ir/log.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type * as types from "../../generated/ir/types.ts";
import type { GuestRunLimits, GuestTrap } from "../abi/guest-module.ts";
import type { Emitted } from "../hostcall/emitted.ts";
import type { HostToolCall, HostToolSelection } from "../hostcall/host-tools.ts";
import type { AnyCall, GuestLimits } from "../hostcall/scope.ts";
import type { RouteAttempt } from "../router/decision/explanation.ts";
import type { GuestData } from "./guest-data.ts";

/** Bytes of the events of one stream that the host may send ahead of the guest. A single event may exceed them. */
export const STREAM_WINDOW_BYTES = 64 * 1024;

/** Most lines about faults of one instance a second. */
export const MAX_FAULT_LINES_PER_S = 100;

/** Settings of a worker thread, passed at its start. Contains nothing of a guest, and no secret. */
export interface ThreadData {
	/** Carries the calls that the guest's thread waits for. */
	readonly port: MessagePort;
	/** A number that the host sets to 1 when the answer to such a call is in `port`. */
	readonly answered: Int32Array;
}

/**
 * Message to a worker.
 *
 * @typeParam V Type of a value that follows from a call. `never` where it is received: such a value goes to whoever has made the call.
 */
export type ToWorker<V = never> =
	| { readonly type: "start"; readonly guest: GuestData; readonly limits: GuestLimits; readonly hasTools: boolean }
	/** `isRead` is true if the run has a reader of its output by now. */
	| { readonly type: "run"; readonly id: number; readonly input: string; readonly limits: RunLimits; readonly isRead: boolean }
	/** Ends the instance's hostcalls with this error, and the run with them. */
	| { readonly type: "abort"; readonly error: types.Error }
	/** The guest computes no more for some milliseconds, because it has used its CPU time of this minute. */
	| { readonly type: "pause"; readonly ms: number }
	/** Ends the instance. The worker answers `closed`. */
	| { readonly type: "close" }
	/** The result of a call, of a type that follows from the call. */
	| { readonly type: "answer"; readonly id: number; readonly value: V }
	| { readonly type: "failure"; readonly id: number; readonly error: types.Error }
	/** An event of a stream or a session, and the size that it takes of the window. */
	| { readonly type: "event"; readonly id: number; readonly event: V; readonly bytes: number; readonly report?: Partial<rt.Response> }
	| { readonly type: "decision"; readonly id: number; readonly attempts: readonly RouteAttempt[] }
	/** The end of a stream or a session. Without an error, a stream has ended in order. */
	| { readonly type: "end"; readonly id: number; readonly error?: types.Error; readonly report?: Partial<rt.Response> };

/** Message from a worker. */
export type FromWorker =
	/** The worker has loaded its modules and can start a guest. */
	| { readonly type: "ready" }
	| { readonly type: "started" }
	| { readonly type: "not-started"; readonly error: types.Error }
	| { readonly type: "outcome"; readonly id: number; readonly outcome: WorkerOutcome; readonly cpuMs: number }
	/** A run that was refused. */
	| { readonly type: "refused"; readonly id: number; readonly error: types.Error }
	| { readonly type: "closed" }
	| { readonly type: "call"; readonly id: number; readonly call: HostCall }
	/** Cancels a call, a stream or a session. */
	| { readonly type: "cancel"; readonly id: number }
	/** Returns bytes of the window of a stream or a session. */
	| { readonly type: "credit"; readonly id: number; readonly bytes: number }
	/** Ends a session. The host settles its charges. */
	| { readonly type: "end-session"; readonly id: number; readonly outcome: SessionEnd }
	/** Releases a reader or a writer of media. */
	| { readonly type: "release"; readonly kind: "reader" | "writer"; readonly id: number }
	| { readonly type: "line"; readonly line: Line };

/** Limits of a run, without the budget that instances of a guest share. */
export type RunLimits = Omit<GuestRunLimits, "budget">;

/** Outcome of a run. A trap crosses without its cause. */
export type WorkerOutcome =
	| { readonly ok: string }
	| { readonly err: types.RunError }
	| { readonly exited: number }
	| { readonly trap: Pick<GuestTrap, "kind" | "message" | "stderr"> };

/** End of a session: the worker's part of the report, or the failure. */
export type SessionEnd = { readonly completed: OperationMap[Operation]["result"] } | { readonly failure: types.Error };

/** A call that the host answers by `answer` or `failure`. Ids begin at 1 and grow by 1. */
export type HostCall =
	/** A call of an operation. The host validates payload and options. */
	| { readonly name: "unary" | "stream" | "connect"; readonly call: AnyCall }
	/** Opens the connection of a session that `connect` has validated. */
	| { readonly name: "dial" | "drain" | "hang-up"; readonly session: number }
	| { readonly name: "input"; readonly session: number; readonly input: RealtimeVoiceInput }
	/** Lists tools of the host. */
	| { readonly name: "list-tools"; readonly selection: HostToolSelection }
	| { readonly name: "call-tool"; readonly tool: HostToolCall }
	/** Passes output to the reader of the run. Answered when the output is queued. The next one follows after the answer. */
	| { readonly name: "emit"; readonly output: Emitted }
	| { readonly name: "put"; readonly bytes: Uint8Array; readonly mimeType: string | undefined }
	| { readonly name: "get" | "stat" | "remove" | "reader"; readonly reference: types.MediaRef }
	| { readonly name: "read"; readonly reader: number; readonly maxBytes: number }
	| { readonly name: "write"; readonly writer: number; readonly bytes: Uint8Array }
	| { readonly name: "finish"; readonly writer: number };

/** A call that the worker's thread waits for, because the guest's import cannot wait. The next one follows after the answer. */
export type BlockingCall =
	| { readonly name: "catalog" }
	/** Asks for the ids of the servers whose tools the guest may use. */
	| { readonly name: "tool-servers" }
	| { readonly name: "voices"; readonly model: string | undefined }
	/** Opens a writer of media. Ids of writers begin at 1 and grow by 1. */
	| { readonly name: "writer"; readonly id: number; readonly mimeType: string | undefined };

/** Answer to a blocking call. */
export type BlockingAnswer<V = never> = { readonly value: V } | { readonly error: types.Error };

/** A line for the host's log or the embedder's listener. */
export type Line =
	| { readonly kind: "log"; readonly level: log.Level; readonly message: string; readonly fields: readonly log.LogField[] }
	| { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly text: string; readonly isCut: boolean }
	| {
			readonly kind: "fault";
			readonly level: "debug" | "warn" | "error";
			readonly message: string;
			readonly hostcall: string;
			/** Message and stack of the exception. Absent for an expected failure. */
			readonly detail?: string;
	  };
