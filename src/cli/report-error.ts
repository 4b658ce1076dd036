import { ConfigError } from "../config/config-error.ts";
import { GuestError } from "../errors/guest-error.ts";
import { SpearError } from "../errors/spear-error.ts";
import { EXIT } from "./exit-codes.ts";

/** A failure as the command line shows it. */
export interface Report {
	readonly exitCode: number;
	/** Text for the terminal. Contains a stack only for an unexpected error. */
	readonly text: string;
	/** Value for `--json`. Lists the faults of a configuration with their positions. */
	readonly json: object;
}

/**
 * Phase in which a command failed. Failures before the guest runs are faults of the arguments, and exit with 2. In the phase `request`, the command
 * itself sends a request, whose operation the user knows.
 */
export type Phase = "setup" | "run" | "request";

/** Largest status that a process can exit with. */
const MAX_STATUS = 255;

/**
 * Returns the exit code and the texts of a failure.
 *
 * @param isStderrShown True if the standard error of the guest was printed when the guest wrote it. The default is true.
 */
export function reportError(thrown: unknown, phase: Phase, isStderrShown = true): Report {
	if (thrown instanceof SpearError) {
		const usage = thrown instanceof ConfigError || phase === "setup";
		const exitCode = thrown.code === "cancelled" ? EXIT.interrupted : usage ? EXIT.usage : EXIT.failed;
		const { guestStack, operation } = thrown;
		const json = {
			...thrown.toJSON(),
			...(thrown instanceof ConfigError ? { faults: thrown.faults } : {}),
			...(guestStack === "" ? {} : { stack: frames(guestStack) }),
		};
		const wait = thrown.retryAfterMs === undefined ? "" : ` (retry after ${thrown.retryAfterMs} ms)`;
		const call = phase === "run" && operation !== undefined ? ` (${operation})` : "";
		const stack = guestStack === "" ? "" : `\n${guestStack}`;
		return { exitCode, text: `${phase === "setup" ? "" : `${thrown.code}: `}${thrown.message}${wait}${call}${stack}`, json };
	}
	if (thrown instanceof GuestError) {
		return {
			exitCode: exitCodeOf(thrown),
			text: guestFailure(thrown, isStderrShown),
			json: {
				code: `guest_${thrown.failure}`,
				message: thrown.message,
				...(thrown.exitStatus === undefined ? {} : { exit_status: thrown.exitStatus }),
				...(thrown.guestStack === "" ? {} : { stack: frames(thrown.guestStack) }),
			},
		};
	}
	const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
	return { exitCode: EXIT.failed, text: `internal error, please report it: ${message}`, json: { code: "internal", message } };
}

function frames(stack: string): string[] {
	return stack.split("\n").map((frame) => frame.trim());
}

/** Returns the status that the guest exited with, if a process can exit with it. */
function exitCodeOf({ exitStatus = EXIT.failed }: GuestError): number {
	return exitStatus <= MAX_STATUS ? exitStatus : EXIT.failed;
}

/** Omits the standard error of a trapped guest if it was printed before. */
function guestFailure({ failure, message, stderr, guestStack, exitStatus }: GuestError, isStderrShown: boolean): string {
	if (exitStatus !== undefined) return message;
	const stack = guestStack === "" ? "" : `\n${guestStack}`;
	if (failure === "failed") return `the guest ${failure}: ${message}${stack}`;
	return (stderr === "" || !isStderrShown ? message : message.slice(0, -stderr.length).trimEnd()) + stack;
}
