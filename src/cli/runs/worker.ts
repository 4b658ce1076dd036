import process from "node:process";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import type { HostWorker } from "../../host/runs/host-worker.ts";
import { AgentRegistry } from "../../serve/agents/agent-registry.ts";
import { registrySource } from "../../serve/runs/registry-source.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { reloadOnHangup } from "../hangup.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { type LogCommand, logLevels } from "../log-options.ts";
import { printFailure } from "../print-failure.ts";
import { printToStderr } from "../terminal.ts";
import { checkShared } from "./with-host.ts";

/** Options of `spear worker`. */
export interface WorkerCommand extends LogCommand {
	readonly config?: string;
	/** Most runs in progress. The default is that of the configuration. */
	readonly runs?: number;
	/** Longest time that runs in progress have to end at the stop, in milliseconds. */
	readonly drain?: number;
	/** Reloads what has changed on disk. */
	readonly watch: boolean;
	readonly json?: boolean;
}

/** Time between two lines about the health of the worker, in milliseconds. */
const HEALTH_MS = 60_000;

/**
 * Runs `spear worker` until the first Ctrl-C or SIGTERM, and then stops in order. Returns the exit code: 0 for a stop in which no run was interrupted, 1 if
 * runs were interrupted, 2 for a configuration that cannot be used.
 */
export async function worker(command: WorkerCommand): Promise<number> {
	const interrupt = interruptSignal((name) =>
		printToStderr(`spear: ${name}: no new runs; those in progress end first. Press Ctrl-C again to end at once\n`),
	);
	let host: Host | undefined;
	let agents: AgentRegistry | undefined;
	let health: NodeJS.Timeout | undefined;
	let stopReloading = (): void => {};
	try {
		const config = findConfig(command.config);
		const { watch } = command;
		host = await createHost({ ...(config === undefined ? {} : { config, watch }), logLevel: "info", ...logLevels(command) });
		checkShared("spear worker", host);
		agents = loadedAgents(host, watch);
		stopReloading = reloadOnHangup(host);
		await agents.settled();
		const work = host.work(registrySource(agents), {
			...(command.runs === undefined ? {} : { runs: command.runs }),
			...(command.drain === undefined ? {} : { drainMs: command.drain }),
		});
		const names = agents.all().map(({ settings }) => settings.name);
		process.stdout.write(
			command.json
				? jsonLine({ ok: true, host: work.name, runs: work.places, agents: names })
				: printable(`spear works as ${work.name}: up to ${work.places} runs of ${names.join(", ")}\n`),
		);
		const { logger } = host;
		health = setInterval(() => logger.info({ ...healthOf(work) }, "worker"), HEALTH_MS);
		await aborted(interrupt.signal);
		const interrupted = await work.stop();
		if (interrupted === 0) return EXIT.ok;
		printToStderr(`spear: ${interrupted} runs did not end in time; other workers run them again\n`);
		return EXIT.failed;
	} catch (thrown) {
		return printFailure(thrown, command);
	} finally {
		clearInterval(health);
		stopReloading();
		await host?.close();
		agents?.close();
		interrupt.dispose();
	}
}

/** @throws SpearError `invalid_request` for a configuration without agents. */
function loadedAgents(host: Host, watch: boolean): AgentRegistry {
	if (host.serving().agents.size === 0)
		throw new SpearError("invalid_request", "spear worker: the configuration has no agents to run; add [agents.<name>] with component");
	const agents = new AgentRegistry({ host, watch });
	agents.configure(host.serving().agents);
	host.onReload(() => agents.configure(host.serving().agents));
	return agents;
}

function healthOf({ name, running, places, counts }: HostWorker): Record<string, unknown> {
	return { host: name, running, places, ...counts };
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
