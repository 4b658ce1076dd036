import { splitStack, uncaughtStack } from "../abi/debug/guest-stack.ts";
import type { GuestModule, RunOutcome } from "../abi/guest-module.ts";
import { GuestError } from "../errors/guest-error.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";

/**
 * Returns the guest's answer.
 *
 * @param module Has the guest's source map, for positions in messages.
 * @throws The reason of `signal` when that is aborted, whatever the guest returned. SpearError the error of a hostcall that the guest passed
 * on. GuestError the guest's own failure, or a trap.
 */
export function unwrapOutcome(outcome: RunOutcome, signal: AbortSignal, module: Pick<GuestModule, "locate">): string {
	if (signal.aborted) throw abortError(signal);
	if ("ok" in outcome) return outcome.ok;
	if ("trap" in outcome) {
		const { message, stderr, cause } = outcome.trap;
		const located = module.locate(stderr);
		throw new GuestError("trapped", message, { stderr: located, guestStack: uncaughtStack(located), cause });
	}
	const error = outcome.err;
	if (error.type === "hostcall") throw SpearError.fromRecord(error.hostcall);
	const { message, stack } = splitStack(module.locate(error.failed));
	throw new GuestError("failed", message, { guestStack: stack });
}
