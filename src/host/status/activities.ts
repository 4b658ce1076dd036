import type { Router } from "../../router/router.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { HostActivity, HostActivityListener } from "./host-activity.ts";

/** The listeners of a host's activity. The router is observed while there are any. */
export class Activities {
	readonly #router: Pick<Router, "observe">;
	readonly #logger: Logger;
	readonly #listeners = new Set<HostActivityListener>();
	#stopObserving: (() => void) | undefined;

	constructor(router: Pick<Router, "observe">, logger: Logger) {
		this.#router = router;
		this.#logger = logger;
	}

	/** Adds a listener. Returns the function that removes it. */
	add(listener: HostActivityListener): () => void {
		const own: HostActivityListener = (activity) => listener(activity);
		this.#listeners.add(own);
		this.#stopObserving ??= this.#router.observe((observed) => this.emit({ type: "decision", atMs: observed.endedAtMs, ...observed }));
		return () => {
			this.#listeners.delete(own);
			if (this.#listeners.size > 0) return;
			this.#stopObserving?.();
			this.#stopObserving = undefined;
		};
	}

	emit(activity: HostActivity): void {
		for (const listener of this.#listeners) {
			try {
				listener(activity);
			} catch (cause) {
				this.#logger.error({ err: cause }, `a listener of the host's activity failed at the event ${activity.type}`);
			}
		}
	}
}
