import { ContentSeal } from "../../cluster/content-seal.ts";
import { MemoryStore } from "../../cluster/memory/memory-store.ts";
import { RunContents } from "../../cluster/run-contents/run-contents.ts";
import type { SharedRuns } from "../../cluster/runs.ts";
import { runSettingsOf } from "../../config/guest-run-settings.ts";
import type { Settings } from "../../config/settings.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { systemClock } from "../../time/clock.ts";
import type { HostCluster } from "../cluster/host-cluster.ts";
import { HostRuns } from "./host-runs.ts";
import type { HostWorker, WorkerContext } from "./host-worker.ts";

/** Runs of a worker that sets none. Guests mostly wait for models, and a place costs a few megabytes. */
const WORKER_RUNS = 16;

/** The queue of runs, and how its contents are written. */
export interface RunsQueue {
	readonly runs: SharedRuns;
	readonly contents: RunContents;
	/** Name of the host. */
	readonly host: string;
	readonly isShared: boolean;
}

/** Returns the queue of the shared store, or one in the process. */
export function queueOf(cluster: HostCluster | undefined): RunsQueue {
	if (cluster !== undefined)
		return { runs: cluster.store.runs, contents: new RunContents(cluster.seal), host: cluster.host, isShared: true };
	return { runs: new MemoryStore().runs, contents: new RunContents(new ContentSeal("plain", undefined)), host: "local", isShared: false };
}

export function hostRuns({ runs, contents, isShared }: RunsQueue, settings: () => Settings, signal: AbortSignal): HostRuns {
	return new HostRuns({
		runs,
		contents,
		isShared,
		clock: systemClock,
		settings: () => settings().queue,
		weight: (guest) => runSettingsOf(settings().guestRuns, guest).weight,
		signal,
	});
}

export function workerContext(
	{ runs, contents, host }: RunsQueue,
	settings: () => Settings,
	logger: Logger,
	onStop: (worker: HostWorker) => void,
): WorkerContext {
	return {
		...{ runs, contents, worker: host, clock: systemClock, random: Math.random, logger, onStop },
		workerRuns: settings().queue.workerRuns ?? Math.min(WORKER_RUNS, settings().runs.maxRunning),
		drainMs: settings().serve.server.drainMs,
		capsOf: (guest) => runSettingsOf(settings().guestRuns, guest),
	};
}
