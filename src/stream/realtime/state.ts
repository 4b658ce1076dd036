import type { State } from "../../../generated/ir/rt.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Where a session may go from each state. */
const TRANSITIONS: { readonly [S in State]: readonly State[] } = {
	init: ["configured", "failed"],
	configured: ["connecting", "failed"],
	connecting: ["connected", "failed"],
	// Closed without draining: the upstream ended the session in order.
	connected: ["draining", "closed", "failed"],
	draining: ["closed", "failed"],
	closed: [],
	failed: [],
};

/** Where a session stands. It goes only where it may: anything else is a fault of the host. */
export class SessionState {
	#current: State = "init";

	get current(): State {
		return this.#current;
	}

	/** Whether nothing can follow. */
	get over(): boolean {
		return TRANSITIONS[this.#current].length === 0;
	}

	/** @throws SpearError `internal` when the session cannot go there from where it stands. */
	to(next: State): void {
		if (!TRANSITIONS[this.#current].includes(next)) {
			throw new SpearError("internal", `a session that is ${this.#current} cannot become ${next}`);
		}
		this.#current = next;
	}
}
