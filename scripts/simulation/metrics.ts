import type { AttemptRole, RouteEvent } from "../../src/router/decision/explanation.ts";
import type { RequestRecord, Run } from "./run.ts";
import { answerMs, mean, successShare } from "./statistics.ts";

/** The numbers of one run. */
export interface Metrics {
	readonly requests: number;
	/** Share of the requests that were answered, from 0 to 1. */
	readonly success: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly maxMs: number;
	readonly attemptsMean: number;
	readonly attemptsMax: number;
	readonly fallbacks: number;
	readonly retries: number;
	readonly hedges: number;
	/** Openings of breakers. */
	readonly opened: number;
	readonly ejected: number;
	/** Requests that waited for an instance. */
	readonly waited: number;
	/** Requests that failed without an attempt. */
	readonly rejected: number;
}

/**
 * Returns the numbers of a run.
 *
 * @param requests Requests to count. The default is all requests of the run.
 */
export function metricsOf(run: Run, requests: readonly RequestRecord[] = run.requests): Metrics {
	const withRole = (role: AttemptRole): number =>
		requests.reduce((total, { attempts }) => total + attempts.filter((attempt) => attempt.role === role).length, 0);
	const events = (type: RouteEvent["type"]): number => run.events.filter((event) => event.type === type).length;
	return {
		requests: requests.length,
		success: successShare(requests),
		p50Ms: answerMs(requests, 0.5),
		p99Ms: answerMs(requests, 0.99),
		maxMs: requests.reduce((max, { latencyMs }) => Math.max(max, latencyMs), 0),
		attemptsMean: mean(requests.map(({ attempts }) => attempts.length)),
		attemptsMax: requests.reduce((max, { attempts }) => Math.max(max, attempts.length), 0),
		fallbacks: withRole("fallback"),
		retries: withRole("retry"),
		hedges: withRole("hedge"),
		opened: events("breaker_opened"),
		ejected: events("ejected"),
		waited: events("queued"),
		rejected: requests.filter(({ error, attempts }) => error !== undefined && attempts.length === 0).length,
	};
}
