import type * as rt from "../../generated/ir/rt.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { queueBounds } from "../normalize/rt.ts";
import { RealtimeSession } from "../stream/realtime/session.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { queueMemory } from "./queue-memory.ts";
import type { Call, GuestScope } from "./scope.ts";

/** Time that the upstream has to agree to an orderly close, in milliseconds. */
const CLOSE_MS = 5000;

type RealtimeScope = Pick<GuestScope, "limits" | "signal" | "pipeline" | "memory">;

/** Opens realtime sessions within the host's limits, and counts the open ones. */
export class RealtimeSessions {
	readonly #scope: RealtimeScope;
	readonly #clock: Clock;
	#open = 0;

	/** @param clock Source of the deadlines. The default is the system's clock. */
	constructor(scope: RealtimeScope, clock: Clock = systemClock) {
		this.#scope = scope;
		this.#clock = clock;
	}

	/**
	 * Opens a session.
	 *
	 * @param closing Ends the session when aborted, also while it connects. The default is the end of the run only.
	 * @param caller What an embedder's call has besides its options. The default is nothing.
	 * @throws SpearError `rate_limited` when too many sessions are open; as the router and the backend fail.
	 */
	async connect(
		request: rt.Request,
		options: CallOptions | undefined,
		closing?: AbortSignal,
		{ trace, requestId, onBackend }: Pick<Call<"realtime_voice">, "trace" | "requestId" | "onBackend"> = {},
	): Promise<RealtimeSession> {
		const { limits, signal, pipeline, memory } = this.#scope;
		if (this.#open >= limits.maxRealtimeSessions) {
			throw new SpearError(
				"rate_limited",
				`${this.#open} realtime sessions are open, and the host allows ${limits.maxRealtimeSessions} at a time; close one first`,
			);
		}
		this.#open += 1;
		const session = new RealtimeSession({
			sendQueue: queueBounds(request.send_queue, limits.realtimeQueueBytes),
			receiveQueue: queueBounds(request.receive_queue, limits.realtimeQueueBytes),
			maxMs: limits.maxRealtimeMs,
			idleMs: limits.realtimeIdleMs,
			closeMs: CLOSE_MS,
			memory: queueMemory(memory),
			signal: closing === undefined ? signal : AbortSignal.any([signal, closing]),
			clock: this.#clock,
			onEnd: () => {
				this.#open -= 1;
			},
		});
		await session.connect(() => pipeline.connect({ operation: "realtime_voice", payload: request, options, trace, requestId, onBackend }));
		return session;
	}
}
