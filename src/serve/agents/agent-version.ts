import type { Agent } from "../../host/agent.ts";

/** A loaded component of an agent, with the number of its runs. A retired one is closed after its last run. */
export class AgentVersion {
	readonly agent: Agent;
	#running = 0;
	#isRetired = false;

	constructor(agent: Agent) {
		this.agent = agent;
	}

	get running(): number {
		return this.#running;
	}

	/** Counts a run. Returns the function that ends the count, which may be called twice. */
	begin(): () => void {
		this.#running += 1;
		let hasEnded = false;
		return () => {
			if (hasEnded) return;
			hasEnded = true;
			this.#running -= 1;
			this.#closeIfDone();
		};
	}

	/** Closes the component after its last run. */
	retire(): void {
		this.#isRetired = true;
		this.#closeIfDone();
	}

	#closeIfDone(): void {
		if (this.#isRetired && this.#running === 0) void this.agent.close();
	}
}
