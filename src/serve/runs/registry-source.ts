import type { WorkSource } from "../../host/runs/host-worker.ts";
import type { AgentRegistry } from "../agents/agent-registry.ts";
import { HttpError } from "../http-error.ts";

/** Returns the agents of a server for a worker. Runs of requests and of the queue share the places of an agent. */
export function registrySource(agents: AgentRegistry): WorkSource {
	return {
		available: () =>
			agents
				.all()
				.filter(({ isLoaded }) => isLoaded)
				.map(({ settings: { name, maxRunning }, running }) => ({ name, maxRunning, free: Math.max(0, maxRunning - running) })),
		async begin(name) {
			const agent = agents.get(name);
			if (agent === undefined) throw new HttpError(404, "not_found", `there is no agent ${name}`);
			return agent.begin();
		},
	};
}
