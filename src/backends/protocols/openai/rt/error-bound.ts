import { SpearError } from "../../../../errors/spear-error.ts";
import type { ChannelEvent } from "./stream.ts";

/**
 * Most failures in a row that no event of the client can have caused. Servers report one failure for each event at most; each costs some
 * error objects here and an event for the guest.
 */
const MAX_UNSOLICITED = 100;

/** Ends a session whose server reports failures and nothing else. */
export class ErrorBound {
	#failures = 0;
	#clientEvents = 0;

	/** Counts a client event. The server may refuse it with one failure. */
	sent(): void {
		this.#clientEvents += 1;
	}

	/**
	 * Counts the failure in an event of the session. Any event but a warning is progress, and the count begins again.
	 *
	 * @throws SpearError `backend_error` for one failure too many.
	 */
	received(event: ChannelEvent): void {
		if (event.type !== "warning") {
			this.#failures = 0;
			this.#clientEvents = 0;
			return;
		}
		this.#failures += 1;
		if (this.#failures <= MAX_UNSOLICITED + this.#clientEvents) return;
		throw new SpearError(
			"backend_error",
			`the session was ended, because the backend reported ${this.#failures} failures and nothing else; the latest: ${event.warning.message}`,
		);
	}
}
