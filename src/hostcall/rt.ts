import type { Rt } from "../../generated/host/rt.ts";
import { SpearError } from "../errors/spear-error.ts";
import { queueBounds } from "../normalize/rt.ts";
import { RealtimeSession } from "../stream/realtime/session.ts";
import { systemClock } from "../time/clock.ts";
import { RtSession } from "./rt-session.ts";
import type { GuestScope } from "./scope.ts";

/** How long the upstream may take to agree to an orderly end, in milliseconds. */
const CLOSE_MS = 5000;

export function createRt(scope: GuestScope): Rt {
	const { limits, signal, pipeline } = scope;
	let open = 0;
	return {
		session: {
			async connect(request, options) {
				if (open >= limits.maxRealtimeSessions) {
					throw new SpearError(
						"rate_limited",
						`${open} realtime sessions are open, and the host allows ${limits.maxRealtimeSessions} at a time; close one first`,
					);
				}
				open += 1;
				const session = new RealtimeSession({
					sendQueue: queueBounds(request.send_queue, limits.realtimeQueueBytes),
					receiveQueue: queueBounds(request.receive_queue, limits.realtimeQueueBytes),
					maxMs: limits.maxRealtimeMs,
					idleMs: limits.realtimeIdleMs,
					closeMs: CLOSE_MS,
					signal,
					clock: systemClock,
					onEnd: () => {
						open -= 1;
					},
				});
				await session.connect(() => pipeline.connect({ operation: "realtime_voice", payload: request, options }));
				return new RtSession(session, scope);
			},
		},
	};
}
