import type { AgentSettings } from "../../config/serve-settings.ts";
import { ServedAgent, type ServedAgentContext } from "./served-agent.ts";

/** The agents of a server, by name. */
export class AgentRegistry {
	readonly #context: ServedAgentContext;
	readonly #agents = new Map<string, ServedAgent>();

	constructor(context: ServedAgentContext) {
		this.#context = context;
	}

	/** Replaces the agents. Runs of removed agents end as they would. Components that have changed on disk are loaded again. */
	configure(agents: ReadonlyMap<string, AgentSettings>): void {
		for (const [name, agent] of this.#agents) {
			if (agents.has(name)) continue;
			this.#agents.delete(name);
			agent.retire();
		}
		for (const [name, settings] of agents) {
			const agent = this.#agents.get(name);
			if (agent === undefined) this.#agents.set(name, new ServedAgent(settings, this.#context));
			else agent.configure(settings);
		}
	}

	get(name: string): ServedAgent | undefined {
		return this.#agents.get(name);
	}

	/** Returns the agents in the order of the configuration. */
	all(): readonly ServedAgent[] {
		return [...this.#agents.values()];
	}

	/** Resolves when no agent is being loaded. */
	async settled(): Promise<void> {
		await Promise.all(this.all().map((agent) => agent.settled()));
	}

	/** Refuses further runs, and ends the watch. */
	close(): void {
		for (const agent of this.#agents.values()) agent.retire();
		this.#agents.clear();
	}
}
