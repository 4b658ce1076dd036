import type { LeaseCounts } from "../../cluster/leases/leased-limits.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { AccountUse } from "../../memory/memory-kinds.ts";
import { MEMORY_KINDS } from "../../memory/memory-kinds.ts";
import type { Router } from "../../router/router.ts";
import { operationName } from "../../telemetry/conventions.ts";
import { Metric, type SeriesAttributes } from "../../telemetry/metrics/metric.ts";
import { GAUGES } from "../../telemetry/metrics/metrics.ts";
import { shownGuest } from "./shown-guest.ts";

const BREAKER_STATES = ["closed", "half_open", "open"] as const;

type Gauge = (typeof GAUGES)[keyof typeof GAUGES];

/** The state of a host that gauges show. */
export interface GaugeSource {
	readonly router: Pick<Router, "instances" | "load">;
	readonly runs: { readonly running: number; readonly pending: number };
	/** Limits that hosts share. Absent for a host alone. */
	readonly leases?: { counts(): LeaseCounts; readonly inexact: number } | undefined;
	/** Sum of all accounts, in bytes. */
	readonly memoryUsed: () => number;
	/** Loaded agents. */
	readonly agents: Iterable<{ readonly identity: GuestIdentity; memory(): readonly AccountUse[] }>;
	readonly now: () => number;
	/** The hosts that share a store. Absent: a host alone. */
	readonly cluster?: { readonly isReachable: boolean; readonly size: number | undefined };
}

/**
 * Returns the present values of all gauges.
 *
 * @param guestValue Returns a guest's name as the value of an attribute.
 * @param common Attributes of every series.
 */
export function readGauges(source: GaugeSource, guestValue: (name: string) => string, common: SeriesAttributes): readonly Metric[] {
	const metric = (definition: Gauge): Metric => new Metric(definition, () => {}, common);
	const single = (definition: Gauge, value: number): Metric => {
		const made = metric(definition);
		made.add(value, []);
		return made;
	};
	const { router, runs, memoryUsed, agents, now, cluster } = source;
	const requestsInFlight = metric(GAUGES.requestsInFlight);
	const backendInFlight = metric(GAUGES.backendInFlight);
	const breakers = metric(GAUGES.breakers);
	const memory = metric(GAUGES.memory);
	const { inFlight, pending } = router.load;
	for (const [operation, count] of inFlight) requestsInFlight.add(count, [operationName(operation)]);
	const at = now();
	for (const { name, stats } of router.instances) {
		backendInFlight.add(stats.inFlight, [name]);
		for (const { operation, breaker } of stats.healths()) {
			const current = breaker.state(at);
			for (const state of BREAKER_STATES) breakers.add(state === current ? 1 : 0, [name, operationName(operation), state]);
		}
	}
	for (const agent of agents) {
		const guest = guestValue(shownGuest(agent.identity));
		for (const { kinds } of agent.memory()) for (const kind of MEMORY_KINDS) memory.add(kinds[kind], [guest, kind]);
	}
	return [
		...leaseGauges(source, metric),
		requestsInFlight,
		backendInFlight,
		breakers,
		single(GAUGES.requestsPending, pending),
		single(GAUGES.runsRunning, runs.running),
		single(GAUGES.runsPending, runs.pending),
		memory,
		single(GAUGES.memoryAccounted, memoryUsed()),
		...(cluster === undefined ? [] : [single(GAUGES.storeReachable, cluster.isReachable ? 1 : 0)]),
		...(cluster?.size === undefined ? [] : [single(GAUGES.hosts, cluster.size)]),
	];
}

/** Returns the gauges of limits that hosts share. */
function leaseGauges({ leases }: GaugeSource, metric: (definition: Gauge) => Metric): readonly Metric[] {
	if (leases === undefined) return [];
	const [decisions, inexact] = [metric(GAUGES.leasesDecided), metric(GAUGES.leasesByPolicy)];
	const { immediate, waited, byPolicy } = leases.counts();
	decisions.add(immediate, ["immediate"]);
	decisions.add(waited, ["waited"]);
	decisions.add(byPolicy, ["by_policy"]);
	inexact.add(leases.inexact, []);
	return [decisions, inexact];
}
