import { guestName } from "../../errors/guest-name.ts";
import type { RunInfo } from "../../host/runs/run-info.ts";
import { HttpError } from "../http-error.ts";
import type { RUN_STATES } from "../runs/run-states.ts";
import type { ServeContext } from "../serve-context.ts";
import type { QueuedRun, RunList } from "./api.ts";

/** Filters of the list of runs. */
export interface RunsQuery {
	readonly agent: string | undefined;
	readonly guest: string | undefined;
	readonly state: readonly (typeof RUN_STATES)[number][] | undefined;
	readonly limit: number;
}

/** Returns the submitted runs of one agent, or of all agents of the server. */
export async function runsOf({ host, agents }: Pick<ServeContext, "host" | "agents">, query: RunsQuery): Promise<RunList> {
	const { agent, guest, state, limit } = query;
	const names = agent === undefined ? agents.all().map(({ settings }) => settings.name) : [agent];
	const options = { most: limit, ...(guest === undefined ? {} : { guest }), ...(state === undefined ? {} : { states: state }) };
	const lists = await Promise.all(names.map((name) => host.runs.list(name, options)));
	const counts = await host.runs.counts(names);
	return {
		runs: lists
			.flat()
			.sort((a, b) => b.submittedAtMs - a.submittedAtMs)
			.map(queuedRunOf),
		agents: names.map((name, index) => {
			const { waiting = 0, running = 0, poisoned = 0, oldestMs = 0 } = counts[index] ?? {};
			return { agent: name, waiting, running, poisoned, oldest_ms: oldestMs };
		}),
		shared: host.runs.isShared,
	};
}

/** Cancels a run. @throws HttpError 404 for an unknown one. */
export async function cancelledRun(id: string, { host }: Pick<ServeContext, "host">): Promise<QueuedRun> {
	await host.runs.cancel(id);
	return knownRun(id, host);
}

/** Queues a poisoned run again. @throws HttpError 404 for an unknown run, 409 for one that is not poisoned. */
export async function retriedRun(id: string, { host }: Pick<ServeContext, "host">): Promise<QueuedRun> {
	const isQueued = await host.runs.retry(id);
	const run = await knownRun(id, host);
	if (!isQueued) throw new HttpError(409, "conflict", `the run is ${run.state}; only poisoned runs can be retried`);
	return run;
}

async function knownRun(id: string, { runs }: ServeContext["host"]): Promise<QueuedRun> {
	const run = await runs.status(id);
	if (run === undefined) throw new HttpError(404, "not_found", `there is no run '${guestName(id)}'`);
	return queuedRunOf(run);
}

function queuedRunOf(run: RunInfo): QueuedRun {
	const { id, agent, guest, state, attempt, priority, startedAtMs, endedAtMs, worker } = run;
	return {
		...{ id, agent, state, attempt, priority, max_attempts: run.maxAttempts, submitted_at_ms: run.submittedAtMs },
		...(guest === undefined ? {} : { guest }),
		...(startedAtMs === undefined ? {} : { started_at_ms: startedAtMs }),
		...(endedAtMs === undefined ? {} : { ended_at_ms: endedAtMs }),
		...(worker === undefined ? {} : { worker }),
		cancel_requested: run.cancelRequested && endedAtMs === undefined,
	};
}
