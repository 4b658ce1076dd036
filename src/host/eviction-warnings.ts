import type { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { Throttle } from "../time/throttle.ts";

/** Shortest time between two lines, in milliseconds. Otherwise guests that run again and again would flood the log. */
const NOTICE_INTERVAL_MS = 10_000;

/** Reports instances that were ended because their memory grew beyond what the host has. */
export class EvictionWarnings {
	readonly #logger: Logger;
	readonly #notice: Throttle;

	constructor(logger: Logger, clock: Clock) {
		this.#logger = logger;
		this.#notice = new Throttle(clock, NOTICE_INTERVAL_MS);
	}

	/** Logs the end of an instance, with the number of instances that ended since the last line. */
	report({ id, name }: GuestIdentity, { message }: SpearError): void {
		const ended = this.#notice.pass();
		if (ended !== undefined) this.#logger.warn({ guest: name ?? id, ended }, `an instance of a guest is ended: ${message}`);
	}
}
