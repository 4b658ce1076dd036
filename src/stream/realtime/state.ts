import type { State } from "../../../generated/ir/rt.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** The states that may follow each state. */
const TRANSITIONS: { readonly [S in State]: readonly State[] } = {
	init: ["configured", "failed"],
	configured: ["connecting", "failed"],
	connecting: ["connected", "failed"],
	// `closed` without `draining`: the upstream ended the session in order.
	connected: ["draining", "closed", "failed"],
	draining: ["closed", "failed"],
	closed: [],
	failed: [],
};

/** The state of a session. Any transition that is not listed is a fault of the host. */
export class SessionState {
	#current: State = "init";

	get current(): State {
		return this.#current;
	}

	/** True if no state can follow. */
	get ended(): boolean {
		return TRANSITIONS[this.#current].length === 0;
	}

	/**
	 * Moves to the next state.
	 *
	 * @throws SpearError `internal` for a state that may not follow the current one.
	 */
	to(next: State): void {
		if (!TRANSITIONS[this.#current].includes(next)) {
			throw new SpearError("internal", `a session that is ${this.#current} cannot become ${next}`);
		}
		this.#current = next;
	}
}
