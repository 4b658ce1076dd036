import { causeChain } from "../errors/cause-chain.ts";
import type { Attribution } from "../errors/code-defaults.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { AttemptOutcome, RouteDecision } from "../router/decision/route-decision.ts";
import type { MirrorRecord } from "../router/execution/mirroring.ts";
import type { HostEvent } from "./host-event.ts";
import type { Logger } from "./logger.ts";
import { StateLog, type StateLogOptions } from "./state-log.ts";

type SessionFailed = Extract<HostEvent, { readonly type: "session-failed" }>;

/** The request that an outcome belongs to, for a line. */
interface RequestFields {
	readonly request: string;
	readonly operation: string;
}

/** The aspect of an upstream that a failure is about, by its attribution. Other failures say nothing about the upstream. */
type Aspect = "credentials" | "capacity" | "backend" | "request";

/**
 * Logs what requests reveal about upstreams and keys, for all guests and clients of a host. An upstream that fails makes one line when it
 * begins to fail and one when it serves again, however many requests meet it. Each attempt is logged at the level debug. Lines name a key
 * by its environment variable.
 */
export class UpstreamLog {
	readonly #logger: Logger;
	readonly #states: StateLog;

	constructor(options: StateLogOptions) {
		this.#logger = options.logger;
		this.#states = new StateLog(options);
	}

	/** Records the attempts of a request, and a request for which no key was usable. */
	recordDecision({ requestId, operation, outcomes, error }: RouteDecision): void {
		const request = { request: requestId, operation };
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
				this.#states.succeed(subjectOf(aspect, outcome), recoveryOf(aspect, outcome), { backend, ...(key === undefined ? {} : { key }) });
			}
			return;
		}
		if (error.code === "cancelled") return;
		const chain = causeChain(error);
		this.#logger.debug({ ...fields, code: error.code }, `an attempt failed: ${chain}`);
		const aspect = aspectOf(error);
		if (aspect !== undefined) {
			const message = `${failureOf(aspect, outcome)}: ${chain}`;
			this.#states.fail({ subject: subjectOf(aspect, outcome), message, fields: { ...fields, code: error.code } });
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

const ASPECTS: readonly Aspect[] = ["backend", "credentials", "capacity", "request"];

/** The aspect by the attribution. `undefined` for a failure that says nothing about an upstream. */
const ASPECT_OF: Readonly<Record<Attribution, Aspect | undefined>> = {
	backend: "backend",
	connection: "backend",
	credentials: "credentials",
	capacity: "capacity",
	request: "request",
	caller: undefined,
	host: undefined,
};

/** A fault of a request with the code `backend_error`, such as an unknown model, may be the operator's. A guest causes the others. */
function aspectOf({ attribution, code }: SpearError): Aspect | undefined {
	return attribution === "request" && code !== "backend_error" ? undefined : ASPECT_OF[attribution];
}

function subjectOf(aspect: Aspect, { backend, key }: AttemptOutcome): string {
	return JSON.stringify([aspect, backend, ...(aspect === "credentials" || aspect === "capacity" ? [key] : [])]);
}

function poolSubject(operation: string): string {
	return JSON.stringify(["pool", operation]);
}

function failureOf(aspect: Aspect, { backend, key }: AttemptOutcome): string {
	const keyed = key === undefined ? `backend ${backend}` : `${key} of backend ${backend}`;
	switch (aspect) {
		case "backend":
			return `backend ${backend} fails`;
		case "credentials":
			return `${keyed} was refused by the upstream`;
		case "capacity":
			return `${keyed} is limited or out of quota`;
		case "request":
			return `backend ${backend} refuses requests`;
	}
}

/** Returns the line for a success after a failure; `undefined` for no line. */
function recoveryOf(aspect: Aspect, { backend, key }: AttemptOutcome): string | undefined {
	switch (aspect) {
		case "backend":
			return `backend ${backend} serves again`;
		case "credentials":
			return key === undefined ? undefined : `${key} of backend ${backend} is accepted again`;
		default:
			return undefined;
	}
}
