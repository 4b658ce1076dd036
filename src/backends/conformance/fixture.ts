import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Attribution, Processed } from "../../errors/code-defaults.ts";
import type { BackendKind, InstanceConfig } from "../backend.ts";
import type { UpstreamAnswer, UpstreamRequest } from "./upstream.ts";

/** Operations of one request and one answer, which may be a stream. Realtime sessions have no fixture. */
export type FixtureOperation = Exclude<Operation, "realtime_voice">;

/** Events of an operation. `never` for an operation without streams. */
export type EventOf<O extends FixtureOperation> = OperationMap[O]["event"];

/** Description of a backend kind with an HTTP upstream, as data: requests, recorded answers, and the upstream's spelling of faults. */
export interface ConformanceFixture {
	readonly kind: BackendKind;
	/** First part of the name of each case. The default is the name of the kind. */
	readonly name?: string;
	/**
	 * Returns the configuration of an instance.
	 *
	 * @param url Origin of the scripted server, such as `http://127.0.0.1:40123`. Without a slash at the end.
	 */
	readonly config: (url: string) => InstanceConfig;
	/** Key of each request, 16 characters or more. Absent: the upstream takes no key. */
	readonly apiKey?: string;
	/** The fixture leaves out operations of the kind, because another fixture of the kind has them. The default is false. */
	readonly partial?: boolean;
	readonly operations: { readonly [O in FixtureOperation]?: OperationFixture<O> };
	/** Faults that the upstream reports by a status, whatever the operation. Each class is given, or has the reason of its absence. */
	readonly faults: Readonly<Record<FaultClass, FaultCase | AbsentFault>>;
	/** Further spellings of faults, by name. */
	readonly otherFaults?: Readonly<Record<string, FaultCase>>;
	/**
	 * Returns the options that set the time limits for the first byte and between two chunks, in milliseconds. The default is the option
	 * `timeouts` with `first_byte_timeout_ms` and `idle_timeout_ms`.
	 */
	readonly timeouts?: (limits: TimeLimits) => InstanceConfig["options"];
}

/** Time limits in milliseconds. */
export interface TimeLimits {
	readonly firstByteMs: number;
	readonly idleMs: number;
}

/** Description of one operation of a kind. */
export interface OperationFixture<O extends FixtureOperation> {
	/** Payload of the cases without one of their own. */
	readonly payload: OperationMap[O]["payload"];
	/** Media objects of the cases without objects of their own, by reference. */
	readonly media?: Readonly<Record<string, MediaBytes>>;
	/** Requests by name. */
	readonly requests: Readonly<Record<string, RequestCase<O>>>;
	/** Returns the request for a stream, derived from the request for a whole answer. Absent: requests for streams are not compared. */
	readonly streamed?: (whole: UpstreamRequest) => UpstreamRequest;
	/** Recorded answers by name. The first serves the checks of cancellation, closing and concurrency. */
	readonly answers: Readonly<Record<string, AnswerCase<O>>>;
	/** Payloads that the kind refuses without a request to the upstream, by name. */
	readonly refusals?: Readonly<Record<string, RefusalCase<O>>>;
	/** Errors that the upstream reports within a successful answer, by name. */
	readonly reportedFaults?: Readonly<Record<string, ReportedFaultCase<O>>>;
	/** Calls with a payload that this operation serves accept a whole answer in place of a stream. The default is false. */
	readonly wholeForStream?: boolean;
}

/** Parts that each case of an operation may set for itself. */
export interface CaseSetting<O extends FixtureOperation> {
	/** The default is the payload of the operation. */
	readonly payload?: OperationMap[O]["payload"];
	/** Options of the instance, in addition to those of `config`. */
	readonly options?: InstanceConfig["options"];
	/** Provider options of the request. */
	readonly providerOptions?: types.JsonObject;
	/** Media objects of the guest, by reference: `sms+file://<name>` or a URL. */
	readonly media?: Readonly<Record<string, MediaBytes>>;
}

/** A media object. */
export interface MediaBytes {
	readonly bytes: Uint8Array;
	readonly mimeType: string;
}

/** A payload and the exact requests to the upstream. */
export interface RequestCase<O extends FixtureOperation> extends CaseSetting<O> {
	/** Requests in order. */
	readonly upstream: UpstreamRequest | readonly UpstreamRequest[];
	/** Answers in order, for a call of several requests. The default is the first answer of the operation. */
	readonly answers?: readonly UpstreamAnswer[];
	/** Transports that the request is compared for. The default is each that the operation has. */
	readonly transports?: readonly ("unary" | "stream")[];
}

/** A message of the upstream: recorded whole, as a stream, or both, and its exact form in the IR. */
export interface AnswerCase<O extends FixtureOperation> extends CaseSetting<O> {
	/** The whole answer. Several answers for a call of several requests. */
	readonly whole?: UpstreamAnswer | readonly UpstreamAnswer[];
	/** The stream of the same message. Short: each of its bytes costs four calls. */
	readonly stream?: UpstreamAnswer;
	/** The result of both. */
	readonly result: OperationMap[O]["result"];
	/** Result of the stream, if the upstream tells less or more in a stream. `because` names the fact. */
	readonly streamedResult?: { readonly result: OperationMap[O]["result"]; readonly because: string };
	/** Events of the stream before `completed`. Required with `stream`. */
	readonly events?: readonly EventOf<O>[];
	/** Objects that the call stores, in order. Their references are `sms+file://stored-1`, `sms+file://stored-2`, … */
	readonly stored?: readonly MediaBytes[];
}

/** A payload that the kind refuses before it sends a request. */
export interface RefusalCase<O extends FixtureOperation> extends CaseSetting<O> {
	readonly error: ExpectedError;
}

/** Members of a SpearError. A member that is absent here is not compared, except `retryAfterMs`. */
export interface ExpectedError {
	readonly code: types.ErrorCode;
	readonly retryable: boolean;
	readonly attribution: Attribution;
	readonly processed?: Processed;
	/** Delay that the upstream asks for, in milliseconds. Absent: the error must have none. */
	readonly retryAfterMs?: number;
	/** The exact message, or a pattern. */
	readonly message?: string | RegExp;
	readonly usage?: types.Usage;
}

/** Classes of faults that every vendor has a spelling of. */
export const FAULT_CLASSES = [
	"bad_request",
	"bad_key",
	"forbidden",
	"unknown_model",
	"rate_limit",
	"quota",
	"overloaded",
	"server_failure",
] as const;

/** Class of a fault. */
export type FaultClass = (typeof FAULT_CLASSES)[number];

/** An answer that reports a fault, and the error that the host makes of it. */
export interface FaultCase {
	readonly answer: UpstreamAnswer;
	readonly error: ExpectedError;
}

/** A class of faults that the upstream has no spelling of. */
export interface AbsentFault {
	/** The reason. */
	readonly absent: string;
}

/** An error within a successful answer. */
export interface ReportedFaultCase<O extends FixtureOperation> extends CaseSetting<O> {
	/** Whole answer with the error. */
	readonly whole?: UpstreamAnswer;
	/** Stream with the error. */
	readonly stream?: UpstreamAnswer;
	/** Events before the error of the stream. The default is none. */
	readonly events?: readonly EventOf<O>[];
	readonly error: ExpectedError;
}
