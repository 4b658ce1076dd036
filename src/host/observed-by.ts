import type { HostEvent, HostEventListener } from "../telemetry/host-event.ts";
import { logFallbacks } from "../telemetry/log-fallbacks.ts";
import type { Logger } from "../telemetry/logger.ts";

/**
 * Returns a listener that passes events on to an embedder's, and logs the failures that no caller sees. An exception of the embedder's
 * listener is logged and does not reach the request.
 */
export function observedBy(listener: HostEventListener, logger: Logger): HostEventListener {
	return (event: HostEvent): void => {
		if (event.type === "decision") logFallbacks(event, logger);
		if (event.type === "session-failed") {
			const { code, cause, message } = event.error;
			logger[code === "cancelled" ? "debug" : "warn"]({ code, err: cause }, message);
		}
		try {
			listener(event);
		} catch (cause) {
			logger.error({ err: cause }, `the listener for events failed at one of type ${event.type}`);
		}
	};
}
