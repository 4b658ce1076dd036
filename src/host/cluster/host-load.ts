import type { HostLoad, ImpairedBackend, NamedAmount } from "../../cluster/host-card.ts";
import type { Router } from "../../router/router.ts";
import type { Clock } from "../../time/clock.ts";
import type { HostWorker } from "../runs/host-worker.ts";
import type { ClusterReports } from "./cluster-reports.ts";

/** Shortest time over which rates are averaged, in milliseconds. */
const MIN_SAMPLE_MS = 1_000;

export interface HostLoadSource {
	readonly router: Pick<Router, "instances" | "load">;
	readonly runs: { readonly running: number; readonly pending: number };
	readonly reports: ClusterReports;
	readonly clock: Clock;
}

/** The work of a host, for its card. */
export class HostLoadMeter {
	readonly #source: HostLoadSource;
	#sample: { readonly at: number; readonly requests: number; readonly errors: number };
	#rates = { requestsPerS: 0, errorsPerS: 0 };

	constructor(source: HostLoadSource) {
		this.#source = source;
		this.#sample = { at: source.clock.now(), ...source.router.load.ended };
	}

	/** Returns the present work. */
	load(): HostLoad {
		const { router, runs, reports, clock } = this.#source;
		const { inFlight, pending } = router.load;
		this.#measure();
		return {
			inFlight: [...inFlight.values()].reduce((sum, each) => sum + each, 0),
			pending,
			running: runs.running,
			waiting: runs.pending,
			...this.#rates,
			backends: impaired(router, clock.now()),
			leases: reports.leases(),
			hints: reports.hints(),
			queue: reports.queue(),
			isCut: false,
		};
	}

	#measure(): void {
		const { router, clock } = this.#source;
		const before = this.#sample;
		const at = clock.now();
		const seconds = (at - before.at) / 1_000;
		if (at - before.at < MIN_SAMPLE_MS) return;
		const { requests, errors } = router.load.ended;
		this.#sample = { at, requests, errors };
		this.#rates = {
			requestsPerS: rounded((requests - before.requests) / seconds),
			errorsPerS: rounded((errors - before.errors) / seconds),
		};
	}
}

/** Returns the numbers of queued runs in progress, by agent. */
export function inProgress(workers: Iterable<Pick<HostWorker, "agentsInProgress">>): NamedAmount[] {
	const counts = new Map<string, number>();
	for (const worker of workers) for (const agent of worker.agentsInProgress()) counts.set(agent, (counts.get(agent) ?? 0) + 1);
	return [...counts].map(([name, amount]) => ({ name, amount }));
}

/** Returns the backends whose breaker is not closed for an operation, each with the worst state. */
function impaired({ instances }: Pick<Router, "instances">, at: number): ImpairedBackend[] {
	return instances.flatMap(({ name, stats }) => {
		const states = [...stats.healths()].map(({ breaker }) => breaker.state(at));
		const state = (["open", "half_open"] as const).find((each) => states.includes(each));
		return state === undefined ? [] : [{ name, state }];
	});
}

function rounded(rate: number): number {
	return Math.round(rate * 10) / 10;
}
