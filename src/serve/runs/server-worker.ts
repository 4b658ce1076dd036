import type { Host } from "../../host/host.ts";
import type { HostWorker } from "../../host/runs/host-worker.ts";
import type { AgentRegistry } from "../agents/agent-registry.ts";
import { registrySource } from "./registry-source.ts";

/** The worker of a server, if the server has one. */
export class ServerWorker {
	readonly #host: Host;
	readonly #agents: AgentRegistry;
	readonly #isWanted: boolean;
	#worker: HostWorker | undefined;
	#isStopped = false;

	/** @param isWanted Absent: true if the queue is in this process, because no other process could work. */
	constructor(host: Host, agents: AgentRegistry, isWanted = !host.runs.isShared) {
		this.#host = host;
		this.#agents = agents;
		this.#isWanted = isWanted;
	}

	/** Number of runs in progress. `undefined` for a server that does not work. */
	get running(): number | undefined {
		return this.#worker?.running;
	}

	/** Begins to work. Has no effect on a server that works. @throws SpearError `not_permitted` if the shared store may hold no contents. */
	start(): void {
		if (this.#isWanted && !this.#isStopped) this.#worker ??= this.#host.work(registrySource(this.#agents));
	}

	/** Stops in order. */
	async stop(drainMs: number): Promise<void> {
		this.#isStopped = true;
		const interrupted = (await this.#worker?.stop({ drainMs })) ?? 0;
		if (interrupted === 0) return;
		const then = this.#host.runs.isShared ? "another worker runs them again" : "they end with the process";
		this.#host.logger.warn({ runs: interrupted }, `${interrupted} submitted runs did not end before the stop, and ${then}`);
	}
}
