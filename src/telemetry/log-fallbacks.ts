import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { Logger } from "./logger.ts";

/** Logs the failed attempts of a request that succeeded. The guest does not receive these failures. */
export function logFallbacks({ requestId, operation, attempts, fallenBackFrom = [] }: RouteDecision, logger: Logger): void {
	// The attempts include hedges that lost, which are cancelled and no failures.
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
