import type { HostEvent, HostEventListener } from "../telemetry/host-event.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";

/**
 * Returns a listener that passes events on to an embedder's, and logs the failures that no caller sees. An exception of the embedder's
 * listener is logged and does not reach the request.
 */
export function observedBy(listener: HostEventListener, logger: Logger, upstreams: UpstreamLog): HostEventListener {
	return (event: HostEvent): void => {
		if (event.type === "decision") upstreams.recordDecision(event);
		if (event.type === "session-failed") upstreams.recordSession(event);
		try {
			listener(event);
		} catch (cause) {
			logger.error({ err: cause }, `the listener for events failed at one of type ${event.type}`);
		}
	};
}
