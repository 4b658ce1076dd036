import type { MirrorRecord } from "../router/execution/mirroring.ts";
import type { Logger } from "./logger.ts";

/** Logs the outcome of a mirrored request. The outcome is reported nowhere else. */
export function logMirror({ requestId, operation, backend, latencyMs, failure, usage, cost }: MirrorRecord, logger: Logger): void {
	const fields = {
		request: requestId,
		operation,
		backend,
		latency_ms: latencyMs,
		...(usage === undefined ? {} : { usage }),
		...(cost === undefined ? {} : { cost }),
	};
	if (failure === undefined) {
		logger.info(fields, "a mirrored request succeeded");
		return;
	}
	const err = failure.cause === undefined ? {} : { err: failure.cause };
	logger.warn({ ...fields, code: failure.code, ...err }, `a mirrored request failed: ${failure.message}`);
}
