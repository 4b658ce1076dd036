import type { UnreachablePolicy } from "../../../src/cluster/leases/unreachable-policy.ts";
import { MemoryLimits } from "../../../src/cluster/memory/memory-limits.ts";
import type { Charge, Refusal, Reservation } from "../../../src/router/limits/limit-store.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { type DemandPhase, startDemand } from "./demand.ts";
import { type ClockErrors, HostClock } from "./host-clock.ts";
import { LimitsHost } from "./limits-host.ts";
import type { FaultPhase } from "./network.ts";
import { Series } from "./series.ts";
import { StoreServer } from "./store-server.ts";

/** The time in which the process of a host does not run. */
export interface Restart {
	/** Number of the host, from 0. */
	readonly host: number;
	/** In milliseconds from the start. */
	readonly from: number;
	readonly to: number;
	/** `closed`: by SIGTERM, `killed`: by SIGKILL, `paused`: by SIGSTOP. The process after `paused` is the same. */
	readonly how: "closed" | "killed" | "paused";
}

export interface LimitsSimulation {
	readonly seed: number;
	readonly hosts: number;
	/** Duration, in milliseconds. */
	readonly forMs: number;
	/** The limit of requests, per second. The bucket holds the amount of one second. */
	readonly perSecond: number;
	readonly demand: readonly DemandPhase[];
	/** The default is `local_share`. */
	readonly policy?: UnreachablePolicy;
	/** The default is none. */
	readonly faults?: readonly FaultPhase[];
	/** Times at which the store starts without contents, in milliseconds from the start. The default is none. */
	readonly losses?: readonly number[];
	/** Returns the errors of a host's clocks, by its number from 0. The default is none. */
	readonly clocks?: (host: number) => ClockErrors;
	/** Errors of the store's clock. The default is none. */
	readonly storeClock?: ClockErrors;
	/** The default is none. */
	readonly restarts?: readonly Restart[];
}

/** The record of a simulation of limits. */
export interface LimitsRun {
	readonly simulation: LimitsSimulation;
	/** Requests that asked, by the time of their arrival. */
	readonly asked: Series;
	/** Requests that were granted, by the time of the decision. */
	readonly granted: Series;
	/** Requests that waited for the store. */
	readonly waited: Series;
	/** Calls that the store carried out. */
	readonly calls: Series;
	/** By the number of the host. */
	readonly askedOf: readonly number[];
	readonly grantedOf: readonly number[];
	/** Times that requests waited for the store, in milliseconds. */
	readonly waitsMs: readonly number[];
}

/** Sends requests to the real limits of many hosts over a modelled network, in virtual time. Equal options give equal runs. */
export async function simulateLimits(simulation: LimitsSimulation): Promise<LimitsRun> {
	const { seed, hosts: count, forMs, perSecond, demand, policy = "local_share", faults = [], losses = [], restarts = [] } = simulation;
	const time = new VirtualClock();
	const calls = new Series(forMs);
	const server = new StoreServer(time, () => calls.add(time.now()));
	const storeClock = new HostClock(time, simulation.storeClock);
	let room = new MemoryLimits(() => storeClock.wall());
	for (const at of losses) {
		time.after(at, () => {
			room = new MemoryLimits(() => storeClock.wall());
		});
	}
	const start = (host: number, name: string): LimitsHost => {
		const random = seededRandom(seed * 1_000_003 + host);
		return new LimitsHost({ time, random, faults, host, server, room: () => room, policy, clocks: simulation.clocks?.(host), name });
	};
	const hosts = Array.from({ length: count }, (_, host) => start(host, `h${host}`));
	for (const restart of restarts) scheduleRestart(restart, time, hosts, start);

	const run = {
		simulation,
		asked: new Series(forMs),
		granted: new Series(forMs),
		waited: new Series(forMs),
		calls,
		askedOf: new Array<number>(count).fill(0),
		grantedOf: new Array<number>(count).fill(0),
		waitsMs: [] as number[],
	};
	const charges: readonly Charge[] = [
		{ bucket: "guest:acme:requests", unit: "requests", amount: 1, capacity: perSecond, perMs: perSecond / 1_000 },
	];
	const decided = (host: number, result: Reservation | Refusal): void => {
		if (!result.granted) return;
		run.granted.add(time.now());
		run.grantedOf[host] = (run.grantedOf[host] ?? 0) + 1;
	};
	const arrive = (number: number): void => {
		const host = nextRunning(hosts, number);
		if (host === undefined) return;
		const at = time.now();
		run.asked.add(at);
		run.askedOf[number] = (run.askedOf[number] ?? 0) + 1;
		const result = host.limits.reserve(charges);
		if (!(result instanceof Promise)) {
			decided(number, result);
			return;
		}
		run.waited.add(at);
		void result.then((late) => {
			run.waitsMs.push(time.now() - at);
			decided(number, late);
		});
	};
	startDemand({ time, random: seededRandom(seed ^ 0x5bd1e995), hosts: count, phases: demand, arrive });
	await time.run(forMs);
	return run;
}

function scheduleRestart(
	{ host, from, to, how }: Restart,
	time: VirtualClock,
	hosts: LimitsHost[],
	start: (host: number, name: string) => LimitsHost,
): void {
	time.after(from, () => {
		const process = hosts[host];
		if (process === undefined) return;
		if (how === "closed") void process.close();
		else if (how === "killed") process.kill();
		else {
			process.takesRequests = false;
			process.clock.pause();
		}
		time.after(to - from, () => {
			if (how === "paused") {
				process.clock.resume();
				process.takesRequests = true;
			} else hosts[host] = start(host, `h${host}-${Math.round(to)}`);
		});
	});
}

/** Returns the host with this number, or the next one if that does not run, as a load balancer does. */
function nextRunning(hosts: readonly LimitsHost[], number: number): LimitsHost | undefined {
	for (let index = 0; index < hosts.length; index++) {
		const host = hosts[(number + index) % hosts.length];
		if (host?.takesRequests) return host;
	}
	return undefined;
}
