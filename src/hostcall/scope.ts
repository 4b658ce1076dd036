import type * as log from "../../generated/ir/log.ts";
import type { MediaInfo } from "../../generated/ir/media.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type { CallOptions, MediaRef } from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { CatalogEntry } from "../router/eligibility/catalog.ts";
import type { ChannelOf } from "../router/execution/backend-calls.ts";
import type { Answer } from "../router/router.ts";

/** What the host enforces on one guest. */
export interface GuestLimits {
	/** Sends of a chat session since its last user message. */
	readonly maxIterations: number;
	/** Tool calls of a chat session since its last user message. */
	readonly maxTotalToolCalls: number;
	/** Bytes of one tool result, as UTF-8. */
	readonly maxToolOutputBytes: number;
	/** Bytes of events that may wait in one stream. */
	readonly streamBufferBytes: number;
	/** Bytes of one log line, its fields included. */
	readonly maxLogBytes: number;
	/** Handles (sessions, streams, pollables) a guest may hold at a time. */
	readonly maxHandles: number;
	/** Realtime sessions at a time. */
	readonly maxRealtimeSessions: number;
	/** Longest realtime session, in milliseconds. */
	readonly maxRealtimeMs: number;
	/** Longest time in which nothing happens in a realtime session, in milliseconds. */
	readonly realtimeIdleMs: number;
	/** Bytes that one queue of a realtime session may hold. */
	readonly realtimeQueueBytes: number;
}

/** One call on its way from a hostcall into the layers below. */
export interface Call<O extends Operation> {
	readonly operation: O;
	readonly payload: OperationMap[O]["payload"];
	readonly options: CallOptions | undefined;
	/** The span that the call belongs to. The default is that of the run. */
	readonly trace?: TraceContext | undefined;
}

/** The layers below: normalize, router, backends. */
export interface Pipeline {
	/** Waits for the whole answer. Rejects only with a SpearError. */
	unary<O extends Operation>(call: Call<O>, signal: AbortSignal): Promise<Answer<O>>;
	/**
	 * Checks the call, rejecting with `invalid_request`, and gives what opens its stream: events ending in `completed`;
	 * a failure is thrown as a SpearError. `onDecision` is told how the router decided, before the last event.
	 */
	stream<O extends Operation>(call: Call<O>, onDecision?: (decision: RouteDecision) => void): Promise<OpenStream<OperationMap[O]["event"]>>;
	/** The voices this guest may ask for, of one model or of all. Throws `no_candidate_backend` when nothing may speak. */
	voices(model: string | undefined): tts.Voice[];
	/** What this guest may ask of every operation now. */
	catalog(): readonly CatalogEntry[];
	/** Checks the call, rejecting with `invalid_request`, and gives what opens its session; `signal` ends that at once, now and later. */
	connect<O extends Operation>(call: Call<O>): Promise<OpenSession<O>>;
}

/** How a session ended: with what it did, or with why it failed. */
export type SessionOutcome<O extends Operation> = { readonly completed: OperationMap[O]["result"] } | { readonly failure: SpearError };

/** A session that stands; `end` must be told once how it ended, and gives the failure as the guest shall see it. */
export interface PipelineSession<O extends Operation> {
	readonly channel: ChannelOf<O>;
	readonly end: (outcome: SessionOutcome<O>) => SpearError | undefined;
}

export type OpenSession<O extends Operation> = (signal: AbortSignal) => Promise<PipelineSession<O>>;

export type OpenStream<E> = (signal: AbortSignal) => AsyncIterable<E>;

/** What a guest may do with its own media. References that are not its own are refused, all in the same way. */
export interface GuestMediaCalls {
	put(bytes: Uint8Array, mimeType: string | undefined): Promise<MediaInfo>;
	/** All of a piece no larger than one call may give. */
	get(reference: MediaRef): Promise<Uint8Array>;
	stat(reference: MediaRef): Promise<MediaInfo>;
	remove(reference: MediaRef): Promise<void>;
	/** Begins a piece; `write` resolves when the next bytes may come. */
	writer(mimeType: string | undefined): { write(bytes: Uint8Array): Promise<void>; finish(): Promise<MediaInfo>; discard(): void };
	/** Opens a piece from its start; `read` gives nothing at the end. */
	reader(reference: MediaRef): Promise<Disposable & { read(maxBytes: number): Promise<Uint8Array | undefined> }>;
}

/** What the hostcalls of one guest instance share. */
export interface GuestScope {
	/** Aborted when the run ends, whatever ends it. */
	readonly signal: AbortSignal;
	readonly limits: GuestLimits;
	readonly pipeline: Pipeline;
	readonly media: GuestMediaCalls;
	/** Takes the guest's log line, already cut to size. */
	readonly writeLog: (level: log.Level, message: string, fields: readonly log.LogField[]) => void;
}
