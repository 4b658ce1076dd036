import type { ServedAgent } from "../agents/served-agent.ts";
import type { Agent } from "./api.ts";

/** Returns an agent as the admin API shows it. */
export function agentOf({ settings: { name, guest, maxRunning }, isLoaded, fault, running }: ServedAgent): Agent {
	return {
		name,
		guest,
		state: isLoaded ? "ready" : fault === undefined ? "loading" : "failed",
		...(fault === undefined ? {} : { error: fault }),
		running,
		max_running: maxRunning,
	};
}
