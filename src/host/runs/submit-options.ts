import type { RunContents } from "../../cluster/run-contents/run-contents.ts";
import { newRunId } from "../../cluster/run-id.ts";
import type { RunSubmission } from "../../cluster/runs.ts";
import type { RunsSettings } from "../../config/runs-settings.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { traceOf } from "../trace-of.ts";

/** Options of a submitted run. Times are in milliseconds. */
export interface SubmitOptions {
	/** Name of the guest that submits: it takes turns with other guests, and sees its own runs only where clients see runs. The default is the embedder itself. */
	readonly guest?: string;
	/** 0 to 9. Among the runs of a guest and agent, higher ones start first. The default is 5. */
	readonly priority?: number;
	/** Time until the run may start. The default is 0. */
	readonly delayMs?: number;
	/** Time until the run must have ended, from the submission. The default is no limit. */
	readonly deadlineMs?: number;
	/** Longest duration of one attempt. The default, and the longest, is `run_timeout_ms` of the agent's guest on the worker. */
	readonly timeoutMs?: number;
	/** Longest CPU time of one attempt, with `cpu_ms` as the default and the longest. */
	readonly cpuMs?: number;
	/** Attempts, 1 to 100. The default is `max_attempts` of `[runs]`. */
	readonly maxAttempts?: number;
	/** A second submission with the same guest, agent and key returns the first run, while that is kept. Up to 256 bytes. The default is none. */
	readonly idempotencyKey?: string;
	/** True to retry an attempt in which the guest itself failed, too. The default is false: the same input mostly fails again. */
	readonly retryGuestFailures?: boolean;
	/** The W3C `traceparent` of the span that the run belongs to. */
	readonly traceparent?: string;
}

/** Guest of the runs that an embedder submits without a guest's name. No configured guest can have the name. */
export const EMBEDDER = "*host*";

/** Priority of a run that names none. */
export const DEFAULT_PRIORITY = 5;

const AGENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Longest time of a run, in milliseconds: a year. */
const MAX_MS = 31_536_000_000;

/**
 * Returns the submission of a run.
 *
 * @throws SpearError `invalid_request` that names the option at fault.
 */
export function submissionOf(
	agent: string,
	input: string,
	options: SubmitOptions,
	{ settings, weight, contents }: { readonly settings: RunsSettings; readonly weight: number; readonly contents: RunContents },
): RunSubmission {
	checkAgentName(agent);
	const { guest = EMBEDDER, priority = DEFAULT_PRIORITY, delayMs = 0, maxAttempts = settings.maxAttempts } = options;
	const { deadlineMs, timeoutMs, cpuMs, idempotencyKey, retryGuestFailures = false, traceparent } = options;
	checkWhole("priority", priority, 0, 9);
	checkWhole("delayMs", delayMs, 0, MAX_MS);
	checkWhole("deadlineMs", deadlineMs, 1, MAX_MS);
	checkWhole("timeoutMs", timeoutMs, 1, MAX_MS);
	checkWhole("cpuMs", cpuMs, 1, MAX_MS);
	checkWhole("maxAttempts", maxAttempts, 1, 100);
	if (deadlineMs !== undefined && deadlineMs <= delayMs)
		throw new SpearError("invalid_request", "deadlineMs: it must be longer than delayMs; the run could not start before its deadline");
	if (idempotencyKey === "") throw new SpearError("invalid_request", "idempotencyKey: it must have at least one character");
	traceOf(traceparent);
	const id = newRunId(agent);
	const { keepMs, maxPending, maxEventBytes } = settings;
	const sealed = contents.sealInput(id, {
		input,
		...(cpuMs === undefined ? {} : { cpuMs }),
		...(retryGuestFailures ? { retryGuestFailures } : {}),
	});
	return {
		...{ id, agent, guest, weight, input: sealed, priority, delayMs, maxAttempts, keepMs, maxPending, maxEventBytes },
		...(deadlineMs === undefined ? {} : { deadlineMs }),
		...(timeoutMs === undefined ? {} : { timeoutMs }),
		...(idempotencyKey === undefined ? {} : { idempotencyKey }),
		...(traceparent === undefined ? {} : { traceparent }),
	};
}

/** @throws SpearError `invalid_request` for a name that no agent can have. */
export function checkAgentName(agent: string): void {
	if (!AGENT.test(agent))
		throw new SpearError(
			"invalid_request",
			'agent: it must be a name of up to 64 letters, digits, ".", "_" and "-", as in [agents.<name>]',
		);
}

function checkWhole(name: string, value: number | undefined, least: number, most: number): void {
	if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return;
	throw new SpearError("invalid_request", `${name}: it must be a whole number from ${least} to ${most}`);
}
