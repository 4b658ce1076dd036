import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { Logger } from "./logger.ts";

/** Tells the host's log of failures that the guest never hears of, because a further attempt gave the answer. */
export function logFallbacks({ requestId, operation, attempts, fallenBackFrom = [] }: RouteDecision, logger: Logger): void {
	// Hedges that lost are among the attempts too, and are no failures.
	const failed = attempts.filter(({ failure }) => failure !== undefined && failure !== "cancelled");
	for (const [index, failure] of fallenBackFrom.entries()) {
		const fields = {
			request: requestId,
			operation,
			backend: failed[index]?.backend,
			code: failure.code,
			...(failure.cause === undefined ? {} : { err: failure.cause }),
		};
		logger.warn(fields, `fell back to another attempt: ${failure.message}`);
	}
}
