import type { MessagePort } from "node:worker_threads";
import type { Config } from "../../generated/ir/config.ts";
import type * as types from "../../generated/ir/types.ts";
import type { Attribution, Processed } from "../errors/code-defaults.ts";
import { GuestError, type GuestFailure } from "../errors/guest-error.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { RunOutput } from "../hostcall/emitted.ts";
import type { MockedOperation } from "../testing/mocked-operation.ts";
import type { Plan } from "../testing/plan.ts";
import type { ArrivedRequest } from "../testing/planned-kind.ts";
import type { Hostcall, HostcallAnswer } from "./interface-modules.ts";

/** Data that the thread of a host starts with. */
export interface ThreadData {
	readonly port: MessagePort;
	/** Counts the messages of the host. The guest's thread waits for a change. */
	readonly posted: Int32Array;
	readonly time: HostTime;
}

/** Time of a host: `virtual` passes only while its guest waits. */
export type HostTime = "virtual" | "real";

/** Parts of a host. */
export interface HostSetup {
	readonly config: Config;
	readonly env: Readonly<Record<string, string>>;
	/** Name of the guest in the configuration. */
	readonly guest: string | undefined;
	/** Operations of the scripted backend. */
	readonly operations: readonly MockedOperation[];
	readonly models: readonly string[] | undefined;
}

/** End of the guest's function. */
export type GuestOutcome = { readonly ok: string } | { readonly err: unknown } | { readonly trap: string };

/** Messages from the guest's thread. */
export type ToHost =
	| { readonly type: "open"; readonly setup: HostSetup }
	| { readonly type: "begin"; readonly input: string; readonly timeoutMs: number | undefined }
	| { readonly type: "call"; readonly call: Hostcall; readonly waits: boolean }
	| { readonly type: "drop"; readonly id: number }
	| { readonly type: "end"; readonly outcome: GuestOutcome }
	| { readonly type: "planned"; readonly plan: PlainPlan }
	| { readonly type: "close" };

/** A plan whose failure is plain data. */
export type PlainPlan = Omit<Plan, "end"> & { readonly end: { readonly draft: unknown } | { readonly failure: PlainError } };

/** Messages from the host's thread. */
export type FromHost =
	| { readonly type: "plan"; readonly request: ArrivedRequest<MockedOperation> }
	| { readonly type: "log"; readonly line: LogLine }
	| { readonly type: "output"; readonly output: RunOutput }
	/** The host itself has failed. */
	| { readonly type: "failed"; readonly message: string }
	| { readonly type: "answer"; readonly answer: HostcallAnswer; readonly now: number }
	| { readonly type: "done"; readonly now: number }
	| { readonly type: "ended"; readonly result: { readonly ok: string } | { readonly error: PlainError }; readonly now: number };

/** A line that the guest logged. */
export interface LogLine {
	readonly level: "trace" | "debug" | "info" | "warn" | "error";
	readonly message: string;
	readonly fields: readonly { readonly key: string; readonly value: string }[];
}

/** An error as plain data. */
export type PlainError =
	| {
			readonly kind: "spear";
			readonly record: types.Error;
			readonly attribution: Attribution;
			readonly processed: Processed;
			readonly guestStack: string;
			readonly usage?: types.Usage;
	  }
	| { readonly kind: "guest"; readonly failure: GuestFailure; readonly message: string; readonly guestStack: string }
	| { readonly kind: "other"; readonly message: string };

/** Returns an error as plain data. */
export function toPlainError(thrown: unknown): PlainError {
	if (thrown instanceof SpearError) {
		const { attribution, processed, guestStack, usage } = thrown;
		return { kind: "spear", record: thrown.toRecord(), attribution, processed, guestStack, ...(usage === undefined ? {} : { usage }) };
	}
	if (thrown instanceof GuestError)
		return { kind: "guest", failure: thrown.failure, message: thrown.message, guestStack: thrown.guestStack };
	return { kind: "other", message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
}

/** Returns the error that plain data describes. */
export function fromPlainError(plain: PlainError, cause?: unknown): Error {
	const because = cause === undefined ? {} : { cause };
	if (plain.kind === "guest") return new GuestError(plain.failure, plain.message, { guestStack: plain.guestStack, ...because });
	if (plain.kind === "other") return new Error(plain.message, because);
	const { record, attribution, processed, guestStack, usage } = plain;
	return SpearError.fromRecord(record).with({ attribution, processed, guestStack, ...(usage === undefined ? {} : { usage }), ...because });
}

/** Sends a message to the guest's thread, which may be waiting. */
export function post({ port, posted }: ThreadData, message: FromHost): void {
	port.postMessage(message);
	Atomics.add(posted, 0, 1);
	Atomics.notify(posted, 0);
}
