import type { SharedHints } from "../../../src/cluster/hints.ts";
import { MemoryHints } from "../../../src/cluster/memory/memory-hints.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import { Upstream } from "../../../src/simulation/upstream.ts";
import type { Clock } from "../../../src/time/clock.ts";
import { seededRandom } from "../../../src/time/random.ts";
import type { InstanceModel } from "../backends.ts";
import { chatRequest, NO_MEDIA } from "../chat-request.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { startDemand } from "./demand.ts";
import { HintsHost } from "./hints-host.ts";
import { HostClock } from "./host-clock.ts";
import type { FaultPhase } from "./network.ts";
import { Series } from "./series.ts";
import { StoreServer } from "./store-server.ts";

export interface HintsSimulation {
	readonly seed: number;
	readonly hosts: number;
	readonly backends: readonly InstanceModel[];
	/** Duration, in milliseconds. */
	readonly forMs: number;
	/** Requests per second, over all hosts. */
	readonly perSecond: number;
	/** Number of guests that the requests are of, in turns. The default is 5. */
	readonly guests?: number;
	/** False for hosts that know nothing of each other. The default is true. */
	readonly exchanges?: boolean;
	/** The default is none. */
	readonly faults?: readonly FaultPhase[];
	/** Plays a program that writes to the store, and is no host. The default is none. */
	readonly stranger?: (room: SharedHints, time: Clock) => void;
}

/** The record of a simulation of hints. */
export interface HintsRun {
	readonly simulation: HintsSimulation;
	readonly requests: Series;
	/** Requests without an answer. */
	readonly unanswered: Series;
	/** Requests that each backend got, of all hosts. */
	readonly attempts: ReadonlyMap<string, Series>;
	/** Attempts that failed, by backend. */
	readonly failures: ReadonlyMap<string, Series>;
	/** Hints that hosts published. */
	readonly published: Series;
	/** Calls that published hints. */
	readonly calls: Series;
	/** Notifications of hints, to each host. */
	readonly delivered: Series;
	/** Sum over the hosts of the numbers of hints that were shown to be wrong. */
	readonly refuted: number;
}

const TIMEOUT_MS = 30_000;
const GUESTS = 5;

/** Sends requests through the real routers of many hosts to the same modelled upstreams, in virtual time. Equal options give equal runs. */
export async function simulateHints(simulation: HintsSimulation): Promise<HintsRun> {
	const { seed, hosts: count, backends, forMs, perSecond, guests = GUESTS, exchanges = true, faults = [], stranger } = simulation;
	const time = new VirtualClock();
	const storeClock = new HostClock(time);
	const server = new StoreServer(time);
	const room = new MemoryHints(() => storeClock.wall());
	const perBackend = (): Map<string, Series> => new Map(backends.map(({ name }) => [name, new Series(forMs)]));
	const run = {
		simulation,
		requests: new Series(forMs),
		unanswered: new Series(forMs),
		attempts: perBackend(),
		failures: perBackend(),
		published: new Series(forMs),
		calls: new Series(forMs),
		delivered: new Series(forMs),
		refuted: 0,
	};
	const upstreams = new Map(
		backends.map((model, index) => {
			const upstream = new Upstream(model, time, seededRandom(seed * 1_000_003 + index));
			const serve: Upstream["serve"] = async (...request) => {
				run.attempts.get(model.name)?.add(time.now());
				try {
					await upstream.serve(...request);
				} catch (thrown) {
					run.failures.get(model.name)?.add(time.now());
					throw thrown;
				}
			};
			return [model.name, { serve }];
		}),
	);
	const traffic = {
		onPublish: (hints: readonly unknown[]) => {
			run.calls.add(time.now());
			run.published.add(time.now(), hints.length);
		},
		onDelivery: () => run.delivered.add(time.now()),
	};
	const hosts = Array.from({ length: count }, (_, host) => {
		const random = seededRandom(seed * 7_919 + host);
		const of = { time, random, faults, host, seed: seed * 104_729 + host, name: `h${host}`, hosts: count };
		return new HintsHost({ ...of, server, room, traffic, backends, upstreams, exchanges });
	});
	stranger?.(room, time);
	let sent = 0;
	const arrive = (number: number): void => {
		const guest = guestIdentity(`g${sent % guests}`);
		run.requests.add(time.now());
		const { signal } = new AbortController();
		const at = time.now();
		hosts[number]?.router
			.unary(chatRequest(sent++, { timeoutMs: TIMEOUT_MS }), { signal, media: NO_MEDIA, guest })
			.catch(() => run.unanswered.add(at));
	};
	startDemand({ time, random: seededRandom(seed ^ 0x5bd1e995), hosts: count, phases: [{ from: 0, to: forMs, perSecond }], arrive });
	await time.run(forMs);
	for (const { signals } of hosts) run.refuted += signals?.statistics.refuted ?? 0;
	return run;
}
