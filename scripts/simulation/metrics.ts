import type { AttemptRole, RouteEvent } from "../../src/router/decision/explanation.ts";
import type { RequestRecord, Run } from "./run.ts";
import { answerMs, mean, seenBy, successShare } from "./statistics.ts";

/** What one run came to, in numbers. Times are in milliseconds, parts between 0 and 1. */
export interface Metrics {
	readonly requests: number;
	readonly success: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly maxMs: number;
	readonly attemptsMean: number;
	readonly attemptsMax: number;
	readonly fallbacks: number;
	readonly retries: number;
	readonly hedges: number;
	/** Breakers that opened. */
	readonly opened: number;
	readonly ejected: number;
	/** Requests that waited for a place. */
	readonly waited: number;
	/** Requests that failed without an attempt. */
	readonly rejected: number;
	/** Requests that all upstreams together saw. */
	readonly upstream: number;
}

/** The numbers of a run, or of the requests among its own that are given. */
export function metricsOf(run: Run, requests: readonly RequestRecord[] = run.requests): Metrics {
	const withRole = (role: AttemptRole): number =>
		requests.reduce((total, { attempts }) => total + attempts.filter((attempt) => attempt.role === role).length, 0);
	const events = (type: RouteEvent["type"]): number => run.events.filter((event) => event.type === type).length;
	return {
		requests: requests.length,
		success: successShare(requests),
		p50Ms: answerMs(requests, 0.5),
		p99Ms: answerMs(requests, 0.99),
		maxMs: requests.reduce((most, { latencyMs }) => Math.max(most, latencyMs), 0),
		attemptsMean: mean(requests.map(({ attempts }) => attempts.length)),
		attemptsMax: requests.reduce((most, { attempts }) => Math.max(most, attempts.length), 0),
		fallbacks: withRole("fallback"),
		retries: withRole("retry"),
		hedges: withRole("hedge"),
		opened: events("breaker_opened"),
		ejected: events("ejected"),
		waited: events("queued"),
		rejected: requests.filter(({ error, attempts }) => error !== undefined && attempts.length === 0).length,
		upstream: seenBy(run, run.upstreams.keys()),
	};
}
