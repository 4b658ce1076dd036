import type * as types from "../../../generated/ir/types.ts";
import { CODE_DEFAULTS } from "../../errors/code-defaults.ts";
import { GuestError, type GuestFailure } from "../../errors/guest-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { isRecord, positive } from "./checks.ts";

/** Failure of an attempt, as the store keeps it. */
export type RunFailure =
	| {
			/** Code of a SpearError. */
			readonly code: types.ErrorCode;
			readonly message: string;
			readonly retryable: boolean;
			readonly retryAfterMs?: number;
	  }
	| {
			/** Failure of the guest itself. */
			readonly guest: GuestFailure;
			readonly message: string;
			/** Status that the guest exited with. Absent if the guest did not exit. */
			readonly exitStatus?: number;
	  };

const GUEST_FAILURES: readonly GuestFailure[] = ["failed", "trapped", "over_budget"];

/** Longest message that is kept, in characters. */
const MAX_MESSAGE = 8_192;

/** Returns the failure of a thrown value. What the guest wrote to its standard error stays on the host. */
export function failureOf(thrown: unknown): RunFailure {
	if (thrown instanceof GuestError) {
		const { failure, message, stderr, exitStatus } = thrown;
		const own = stderr === "" ? message : message.slice(0, -stderr.length).trimEnd();
		return { guest: failure, message: own.slice(0, MAX_MESSAGE), ...(exitStatus === undefined ? {} : { exitStatus }) };
	}
	const { code, message, retryable, retryAfterMs } = SpearError.from(thrown);
	return { code, message: message.slice(0, MAX_MESSAGE), retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Returns the error that a failure stands for. */
export function errorOf(failure: RunFailure): SpearError | GuestError {
	if ("guest" in failure) {
		const { guest, message, exitStatus } = failure;
		return new GuestError(guest, message, exitStatus === undefined ? {} : { exitStatus });
	}
	const { code, message, retryable, retryAfterMs } = failure;
	return new SpearError(code, message, { retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/** Returns the failure that a value is; `undefined` for none. */
export function readFailure(value: unknown): RunFailure | undefined {
	if (!isRecord(value) || typeof value.message !== "string") return undefined;
	const { message, exitStatus, code, retryable, retryAfterMs } = value;
	const guest = GUEST_FAILURES.find((each) => each === value.guest);
	if (guest !== undefined) return { guest, message, ...(positive(exitStatus) ? { exitStatus } : {}) };
	if (!isErrorCode(code)) return undefined;
	return { code, message, retryable: retryable === true, ...(positive(retryAfterMs) ? { retryAfterMs } : {}) };
}

function isErrorCode(value: unknown): value is types.ErrorCode {
	return typeof value === "string" && Object.hasOwn(CODE_DEFAULTS, value);
}
