import type { RouteDecision } from "../router/router.ts";
import type { Logger } from "./logger.ts";

/** Tells the host's log of failures that the guest never hears of, because another backend gave the answer. */
export function logFallbacks({ requestId, explanation, fallenBackFrom = [] }: RouteDecision, logger: Logger): void {
	for (const [index, failure] of fallenBackFrom.entries()) {
		const fields = {
			request: requestId,
			operation: explanation.operation,
			backend: explanation.attempts[index]?.backend,
			code: failure.code,
			...(failure.cause === undefined ? {} : { err: failure.cause }),
		};
		logger.warn(fields, `fell back to another backend: ${failure.message}`);
	}
}
