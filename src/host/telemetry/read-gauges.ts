import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { AccountUse } from "../../memory/memory-kinds.ts";
import { MEMORY_KINDS } from "../../memory/memory-kinds.ts";
import type { Router } from "../../router/router.ts";
import { operationName } from "../../telemetry/conventions.ts";
import { Metric } from "../../telemetry/metrics/metric.ts";
import { GAUGES } from "../../telemetry/metrics/metrics.ts";
import { shownGuest } from "./shown-guest.ts";

const BREAKER_STATES = ["closed", "half_open", "open"] as const;

/** The state of a host that gauges show. */
export interface GaugeSource {
	readonly router: Pick<Router, "instances" | "load">;
	readonly runs: { readonly running: number; readonly pending: number };
	/** Sum of all accounts, in bytes. */
	readonly memoryUsed: () => number;
	/** Loaded agents. */
	readonly agents: Iterable<{ readonly identity: GuestIdentity; memory(): readonly AccountUse[] }>;
	readonly now: () => number;
}

/**
 * Returns the present values of all gauges.
 *
 * @param guestValue Returns a guest's name as the value of an attribute.
 */
export function readGauges(
	{ router, runs, memoryUsed, agents, now }: GaugeSource,
	guestValue: (name: string) => string,
): readonly Metric[] {
	const requestsInFlight = new Metric(GAUGES.requestsInFlight, () => {});
	const backendInFlight = new Metric(GAUGES.backendInFlight, () => {});
	const breakers = new Metric(GAUGES.breakers, () => {});
	const memory = new Metric(GAUGES.memory, () => {});
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
		requestsInFlight,
		backendInFlight,
		breakers,
		single(GAUGES.requestsPending, pending),
		single(GAUGES.runsRunning, runs.running),
		single(GAUGES.runsPending, runs.pending),
		memory,
		single(GAUGES.memoryAccounted, memoryUsed()),
	];
}

function single(definition: (typeof GAUGES)[keyof typeof GAUGES], value: number): Metric {
	const metric = new Metric(definition, () => {});
	metric.add(value, []);
	return metric;
}
