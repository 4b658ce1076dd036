import type * as log from "../../generated/ir/log.ts";
import type { MediaInfo } from "../../generated/ir/media.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type { CallOptions, Downgrade, MediaRef } from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { HostMemory } from "../memory/memory-kinds.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { CatalogEntry } from "../router/eligibility/catalog.ts";
import type { ChannelOf } from "../router/execution/backend-calls.ts";
import type { Answer } from "../router/execution/run-request.ts";
import type { ObservedCall } from "../telemetry/call-observer.ts";
import type { Emitted } from "./emitted.ts";
import type { HostTools } from "./host-tools.ts";
import type { RateBudget } from "./rate-budget.ts";

/** Limits that the host enforces on one guest instance. */
export interface GuestLimits {
	/** Answers of a chat session since the last user message. */
	readonly maxIterations: number;
	/** Tool calls of a chat session since its last user message. */
	readonly maxTotalToolCalls: number;
	/** Size of one tool result, in bytes of UTF-8. */
	readonly maxToolOutputBytes: number;
	/** Size of the events that may wait in one stream, in bytes. */
	readonly streamBufferBytes: number;
	/** Size of one log line with its fields, in bytes. */
	readonly maxLogBytes: number;
	/** Number of log lines a second. */
	readonly maxLogLinesPerS: number;
	/** Size of the log lines of a second with their fields, in bytes. */
	readonly maxLogBytesPerS: number;
	/** Size of all texts and lists of the arguments of one hostcall, in bytes. */
	readonly maxHostcallBytes: number;
	/** Number of list elements in the arguments of one hostcall. */
	readonly maxHostcallItems: number;
	/** Number of handles (sessions, streams, pollables) that the guest may hold. */
	readonly maxHandles: number;
	/** Number of open realtime sessions. */
	readonly maxRealtimeSessions: number;
	/** Longest realtime session, in milliseconds. */
	readonly maxRealtimeMs: number;
	/** Longest time without input or events in a realtime session, in milliseconds. */
	readonly realtimeIdleMs: number;
	/** Size of each queue of a realtime session, in bytes. */
	readonly realtimeQueueBytes: number;
}

/** A call on its way from a hostcall to normalize. */
export interface Call<O extends Operation> {
	readonly operation: O;
	readonly payload: OperationMap[O]["payload"];
	readonly options: CallOptions | undefined;
	/** The span that the call belongs to. The default is that of the run. */
	readonly trace?: TraceContext | undefined;
	/** Id of the request, from the embedder. The default is a new one. */
	readonly requestId?: string | undefined;
	/** Called with the name of the instance that answers, before its first output. */
	readonly onBackend?: ((instance: string) => void) | undefined;
	/** Observes the call. Set by the pipeline itself. */
	readonly observed?: ObservedCall | undefined;
	/** True if the memory of the payload is charged already, as that of a session. The default is false. */
	readonly isCharged?: boolean;
}

/** A call of any operation. */
export type AnyCall = { readonly [O in Operation]: Call<O> }[Operation];

/** Receives the part of the router's decision on a stream that hostcalls use. */
export type DecisionListener = (decision: Pick<RouteDecision, "attempts">) => void;

/** The layers below: normalize, router, backends. */
export interface Pipeline {
	/** Waits for the whole answer. Rejects only with a SpearError. */
	unary<O extends Operation>(call: Call<O>, signal: AbortSignal): Promise<Answer<O>>;
	/**
	 * Validates the call and returns the function that opens its stream: events that end in `completed`. A failure of the stream is thrown
	 * as a SpearError. Calls `onDecision` with the router's decision before the last event.
	 *
	 * @throws SpearError `invalid_request`, `not_permitted` for a call that is refused.
	 */
	stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener): Promise<OpenStream<OperationMap[O]["event"]>>;
	/**
	 * Returns the voices that the guest may ask for, of one model or of all.
	 *
	 * @param backend Name of the only backend whose voices are listed. The default is all backends.
	 * @throws SpearError `no_candidate_backend` when no backend can speak.
	 */
	voices(model: string | undefined, backend?: string): tts.Voice[];
	/** Returns the operations and models that the guest may use now. */
	catalog(): readonly CatalogEntry[];
	/**
	 * Validates the call and returns the function that opens its session. The signal of that function ends the session at any time.
	 *
	 * @throws SpearError `invalid_request`, `not_permitted` for a call that is refused.
	 */
	connect<O extends Operation>(call: Call<O>): Promise<OpenSession<O>>;
}

/** End of a session: its report, or its failure. */
export type SessionOutcome<O extends Operation> = { readonly completed: OperationMap[O]["result"] } | { readonly failure: SpearError };

/** An open session. Call `end` once, when the session has ended: it returns the failure that the guest receives. */
export interface PipelineSession<O extends Operation> {
	readonly channel: ChannelOf<O>;
	/** Fields of the request that the backend emulates or drops. */
	readonly downgrades: readonly Downgrade[];
	/** Records an event of the channel, for the settlement of the charges. */
	readonly record: (event: object) => void;
	readonly end: (outcome: SessionOutcome<O>) => SpearError | undefined;
}

export type OpenSession<O extends Operation> = (signal: AbortSignal) => Promise<PipelineSession<O>>;

export type OpenStream<E> = (signal: AbortSignal) => AsyncIterable<E>;

/** Calls of a guest on its own media. Every reference of another guest is refused in the same way. */
export interface GuestMediaCalls {
	put(bytes: Uint8Array, mimeType: string | undefined): Promise<MediaInfo>;
	/**
	 * Returns all of an object. Larger objects than one call may return need a reader.
	 *
	 * @param reserve Called with the size of the object before its bytes are read. The error that it throws is that of the call.
	 */
	get(reference: MediaRef, reserve?: (bytes: number) => void): Promise<Uint8Array>;
	stat(reference: MediaRef): Promise<MediaInfo>;
	remove(reference: MediaRef): Promise<void>;
	/** Starts an object. `write` resolves when the next bytes may follow. */
	writer(mimeType: string | undefined): { write(bytes: Uint8Array): Promise<void>; finish(): Promise<MediaInfo>; discard(): void };
	/** Opens an object at its start. `read` returns `undefined` at the end. */
	reader(reference: MediaRef): Promise<Disposable & { read(maxBytes: number): Promise<Uint8Array | undefined> }>;
}

/** State that the hostcalls of one guest instance share. */
export interface GuestScope {
	/** Aborted when the run ends, for any reason. */
	readonly signal: AbortSignal;
	readonly limits: GuestLimits;
	readonly pipeline: Pipeline;
	readonly media: GuestMediaCalls;
	/** Tools that the host runs for the guest. Absent for a host without such tools. */
	readonly hostTools?: HostTools | undefined;
	/** Account of the memory that the host holds for the instance. */
	readonly memory: HostMemory;
	/** Bounds what the guest writes: log lines, and the lines of its standard output and error. */
	readonly logBudget: Pick<RateBudget, "admit">;
	/** Redacts a log line of the guest, cuts it to size, and writes it. */
	readonly writeLog: (level: log.Level, message: string, fields: readonly log.LogField[]) => void;
	/**
	 * Passes output to the reader of the run. Returns a promise only if the output has to wait for the reader: it resolves when the output is queued.
	 * Without a reader, the output is discarded.
	 */
	readonly emit: (output: Emitted) => Promise<void> | undefined;
}
