import { SpearError } from "../../src/errors/spear-error.ts";
import { guestIdentity } from "../../src/identity/guest-identity.ts";
import type { RouteDecision } from "../../src/router/decision/route-decision.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import { MemoryLimitStore } from "../../src/router/limits/memory-limit-store.ts";
import { Router } from "../../src/router/router.ts";
import { DEFAULT_ROUTER, type RouterSettings, type RouteSettings } from "../../src/router/settings.ts";
import { drawGap } from "../../src/simulation/distributions.ts";
import { seededRandom } from "../../src/time/random.ts";
import { buildBackends, type InstanceModel } from "./backends.ts";
import { chatRequest, NO_MEDIA } from "./chat-request.ts";
import type { EventRecord, RequestRecord, Run } from "./run.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface SimulationOptions {
	readonly seed: number;
	readonly instances: readonly InstanceModel[];
	/** Arrivals of requests: a Poisson process with this rate, independent of the outcomes of earlier requests. */
	readonly load: { readonly perSecond: number; readonly forMs: number };
	/** Settings for chats. The default is the router's defaults. */
	readonly route?: RouteSettings;
	/** Differences from the router's default settings. The default is none. */
	readonly settings?: Partial<RouterSettings>;
	/** Deadline of each request, in milliseconds. The default is 30,000. */
	readonly timeoutMs?: number;
	/** Returns the session key of a request by its number. The default is no session. */
	readonly session?: (request: number) => string;
	/** Returns the name of a request's guest by its number. The default is no guest. */
	readonly guest?: (request: number) => string;
	/** True to record events. Each explanation looks at all instances: too slow with thousands. The default is true. */
	readonly events?: boolean;
}

const TIMEOUT_MS = 30_000;

/** Sends requests through the real router to modelled upstreams, in virtual time. Equal options give equal runs. */
export async function simulate(options: SimulationOptions): Promise<Run> {
	const { seed, load, route = {}, timeoutMs = TIMEOUT_MS } = options;
	const clock = new VirtualClock();
	const settings = { ...DEFAULT_ROUTER, ...options.settings };
	const { instances, upstreams } = buildBackends(options.instances, { seed: seed * 1_000_003, clock, settings });
	const router = new Router({
		instances,
		routes: new Map([["chat_completions", route]]),
		guests: new Map(),
		settings,
		clock,
		random: seededRandom(seed),
		wallClock: () => clock.now(),
		store: new MemoryLimitStore(clock),
	});
	const requests: RequestRecord[] = [];
	const events: EventRecord[] = [];
	const recordEvents = options.events ?? true;
	const byName = new Map(instances.map((instance) => [instance.name, instance]));
	const send = async (number: number): Promise<void> => {
		const at = clock.now();
		let decision: RouteDecision | undefined;
		const onDecision = (final: RouteDecision): void => {
			decision = final;
			if (recordEvents) for (const event of final.explanation.events) events.push(eventRecord(event, at, clock.now(), byName));
		};
		// Never aborted: callers wait for the deadline.
		const { signal } = new AbortController();
		const guest = options.guest?.(number);
		const context = { signal, media: NO_MEDIA, onDecision, ...(guest === undefined ? {} : { guest: guestIdentity(guest) }) };
		const outcome = await router.unary(chatRequest(number, { timeoutMs, sessionKey: options.session?.(number), guest }), context).then(
			({ backend }) => ({ instance: backend.instance }),
			(thrown: unknown) => ({ error: SpearError.from(thrown) }),
		);
		requests.push({
			at,
			latencyMs: clock.now() - at,
			attempts: decision?.attempts ?? [],
			...(guest === undefined ? {} : { guest }),
			...outcome,
		});
	};
	// Independent of the router's random numbers: the arrivals are equal for all variants of a scenario.
	const arrivals = seededRandom(seed ^ 0x5bd1e995);
	let sent = 0;
	const arrive = (): void => {
		if (clock.now() >= load.forMs) return;
		void send(sent++);
		clock.after(drawGap(load.perSecond, arrivals), arrive);
	};
	clock.after(drawGap(load.perSecond, arrivals), arrive);
	await clock.run();
	requests.sort((a, b) => a.at - b.at);
	return { requests, events, upstreams, forMs: load.forMs };
}

function eventRecord(
	event: RouteDecision["explanation"]["events"][number],
	startedAt: number,
	now: number,
	instances: ReadonlyMap<string, Instance>,
): EventRecord {
	const stats = event.backend === undefined ? undefined : instances.get(event.backend)?.stats;
	return {
		at: startedAt + event.at_ms,
		type: event.type,
		...(event.backend === undefined ? {} : { instance: event.backend }),
		...(event.type === "breaker_opened" && stats !== undefined
			? { openUntil: Math.max(now, stats.health("chat_completions").breaker.openUntil) }
			: {}),
	};
}
