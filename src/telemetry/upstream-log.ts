import { causeChain } from "../errors/cause-chain.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { AttemptOutcome, RouteDecision } from "../router/decision/route-decision.ts";
import type { MirrorRecord } from "../router/execution/mirroring.ts";
import type { HostEvent } from "./host-event.ts";
import type { Logger } from "./logger.ts";
import { StateLog, type StateLogOptions } from "./state-log.ts";
import { ASPECTS, aspectOf, failureOf, recoveryOf, subjectOf } from "./upstream-aspect.ts";

type SessionFailed = Extract<HostEvent, { readonly type: "session-failed" }>;

/** The request that an outcome belongs to, for a line. */
interface RequestFields {
	readonly request: string;
	readonly operation: string;
	readonly trace_id?: string;
}

/**
 * Logs what requests reveal about upstreams and keys, for all guests and clients of a host. An upstream that fails makes one line when it
 * begins to fail and one when it serves again, however many requests meet it. Each failed attempt is logged with its stack at the level
 * debug. Lines name a key by its environment variable.
 */
export class UpstreamLog {
	readonly #logger: Logger;
	readonly #states: StateLog;

	constructor(options: StateLogOptions) {
		this.#logger = options.logger;
		this.#states = new StateLog(options);
	}

	/** Records the attempts of a request, and a request for which no key was usable. */
	recordDecision({ requestId, operation, outcomes, error, traceId }: RouteDecision): void {
		if (error === undefined && this.#states.isQuiet && outcomes.every((outcome) => outcome.error === undefined)) return;
		const request = { request: requestId, operation, ...(traceId === undefined ? {} : { trace_id: traceId }) };
		for (const [index, outcome] of outcomes.entries()) {
			// The caller receives the failure of the last attempt.
			const recovered = error === undefined || index < outcomes.length - 1;
			this.#recordOutcome(outcome, request, recovered);
		}
		if (error === undefined) this.#states.succeed(poolSubject(operation), undefined, request);
		else if (outcomes.length === 0) this.#recordShortage(error, request);
	}

	/** Records a session that failed after it was established. */
	recordSession({ requestId, operation, backend, error }: SessionFailed): void {
		this.#recordOutcome({ backend: backend ?? `of ${operation}`, error }, { request: requestId, operation }, true);
	}

	/** Records a mirrored request, whose outcome is reported nowhere else. */
	recordMirror({ requestId, operation, backend, key, latencyMs, failure, usage, cost }: MirrorRecord): void {
		const request = { request: requestId, operation };
		const outcome = { backend, ...(key === undefined ? {} : { key }), ...(failure === undefined ? {} : { error: failure }) };
		this.#recordOutcome(outcome, request, true);
		if (failure !== undefined) return;
		const more = { ...(usage === undefined ? {} : { usage }), ...(cost === undefined ? {} : { cost }) };
		this.#logger.info({ ...request, backend, latency_ms: latencyMs, ...more }, "a mirrored request succeeded");
	}

	#recordOutcome(outcome: AttemptOutcome, request: RequestFields, recovered: boolean): void {
		const { backend, key, error } = outcome;
		const fields = { ...request, backend, ...(key === undefined ? {} : { key }) };
		if (error === undefined) {
			for (const aspect of ASPECTS) {
				this.#states.succeed(subjectOf(aspect, outcome, request), recoveryOf(aspect, outcome, request), fields);
			}
			return;
		}
		if (error.code === "cancelled") return;
		const chain = causeChain(error);
		this.#logger.debug({ ...fields, code: error.code, err: error }, `an attempt failed: ${chain}`);
		const aspect = aspectOf(error);
		if (aspect !== undefined) {
			const message = `${failureOf(aspect, outcome, request)}: ${chain}`;
			this.#states.fail({ subject: subjectOf(aspect, outcome, request), message, fields: { ...fields, code: error.code } });
		} else if (error.code === "internal" && recovered) {
			this.#logger.error({ ...fields, err: error.cause }, `an attempt failed: ${error.message}`);
		}
	}

	/** A request that no instance could serve has a cause if keys are the reason. */
	#recordShortage({ cause, code }: SpearError, request: RequestFields): void {
		if (!(cause instanceof Error) || (code !== "no_candidate_backend" && code !== "rate_limited")) return;
		const fields = { ...request, code };
		this.#states.fail({
			subject: poolSubject(request.operation),
			message: `no key for ${request.operation}: ${causeChain(cause)}`,
			fields,
		});
	}
}

function poolSubject(operation: string): string {
	return JSON.stringify(["pool", operation]);
}
