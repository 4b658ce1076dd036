import { ConfigError } from "../config/config-error.ts";
import { GuestError } from "../errors/guest-error.ts";
import { SpearError } from "../errors/spear-error.ts";
import { EXIT } from "./exit-codes.ts";

/** A failure as the command line shows it. */
export interface Report {
	readonly exitCode: number;
	/** For people; no stack when the failure is an expected one. */
	readonly text: string;
	/** For programs. */
	readonly json: object;
}

/** Which part of a command failed: before the guest ran its faults are the caller's. */
export type Phase = "setup" | "run";

export function reportError(thrown: unknown, phase: Phase): Report {
	if (thrown instanceof SpearError) {
		const usage = thrown instanceof ConfigError || phase === "setup";
		const exitCode = thrown.code === "cancelled" ? EXIT.interrupted : usage ? EXIT.usage : EXIT.failed;
		const wait = thrown.retryAfterMs === undefined ? "" : ` (retry after ${thrown.retryAfterMs} ms)`;
		return { exitCode, text: `${phase === "run" ? `${thrown.code}: ` : ""}${thrown.message}${wait}`, json: thrown.toRecord() };
	}
	if (thrown instanceof GuestError) {
		return {
			exitCode: EXIT.failed,
			text: guestFailure(thrown),
			json: { code: `guest_${thrown.failure}`, message: thrown.message },
		};
	}
	const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
	return { exitCode: EXIT.failed, text: `internal error, please report it: ${message}`, json: { code: "internal", message } };
}

/** What a trapped guest wrote to standard error was shown when it did. */
function guestFailure({ failure, message, stderr }: GuestError): string {
	if (failure !== "trapped") return `the guest ${failure}: ${message}`;
	return stderr === "" ? message : message.slice(0, -stderr.length).trimEnd();
}
