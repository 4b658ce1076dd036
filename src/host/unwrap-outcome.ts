import { splitStack, uncaughtStack } from "../abi/debug/guest-stack.ts";
import type { GuestModule, GuestRunLimits, GuestTrap, RunOutcome } from "../abi/guest-module.ts";
import { GuestError } from "../errors/guest-error.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";

/**
 * Returns the guest's answer.
 *
 * @param module Has the guest's source map, for positions in messages.
 * @param limits The limits of the run, for messages.
 * @throws The reason of `signal` when that is aborted, whatever the guest returned. SpearError the error of a hostcall that the guest passed
 * on; `timeout` for a guest that was stopped at the deadline of the run. GuestError the guest's own failure; `over_budget` for a guest that was
 * stopped for its CPU time; or a trap.
 */
export function unwrapOutcome(
	outcome: RunOutcome,
	signal: AbortSignal,
	module: Pick<GuestModule, "locate">,
	limits: Pick<GuestRunLimits, "timeoutMs"> = {},
): string {
	if (signal.aborted) throw abortError(signal);
	if ("ok" in outcome) return outcome.ok;
	if ("exited" in outcome) {
		const { exited } = outcome;
		throw new GuestError("failed", `the guest exited with status ${exited}`, { exitStatus: exited });
	}
	if ("trap" in outcome) throw trapError(outcome.trap, module, limits);
	const error = outcome.err;
	if (error.type === "hostcall") {
		const { message, stack } = splitStack(module.locate(error.hostcall.message));
		throw SpearError.fromRecord({ ...error.hostcall, message }).with({ guestStack: stack });
	}
	const { message, stack } = splitStack(module.locate(error.failed));
	throw new GuestError("failed", message, { guestStack: stack });
}

function trapError(
	{ kind, message, stderr, cause }: GuestTrap,
	module: Pick<GuestModule, "locate">,
	{ timeoutMs }: Pick<GuestRunLimits, "timeoutMs">,
): SpearError | GuestError {
	if (kind === "deadline") {
		const within = timeoutMs === undefined ? "by its deadline" : `within ${timeoutMs} ms`;
		return new SpearError(
			"timeout",
			`the run was not complete ${within}, and the guest was stopped; raise run_timeout_ms of the guest, or ask for less`,
			{ attribution: "caller", cause },
		);
	}
	if (kind === "cpu-budget") return new GuestError("over_budget", message, { cause });
	const located = module.locate(stderr);
	return new GuestError("trapped", message, { stderr: located, guestStack: uncaughtStack(located), cause });
}
