import type { Operation } from "../../generated/ir/operations.ts";
import type { MirrorRecord } from "../../src/router/execution/mirroring.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import type { LimitStore } from "../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../src/router/limits/memory-limit-store.ts";
import { Router } from "../../src/router/router.ts";
import { DEFAULT_ROUTER, type GuestSettings, type RouterSettings, type RouteSettings } from "../../src/router/settings.ts";
import { type Clock, systemClock } from "../../src/time/clock.ts";
import { seededRandom } from "../../src/time/random.ts";

export interface TestRouterOptions {
	readonly chat?: RouteSettings;
	readonly routes?: ReadonlyMap<Operation, RouteSettings>;
	readonly guests?: Readonly<Record<string, GuestSettings>>;
	readonly settings?: Partial<RouterSettings>;
	readonly clock?: Clock;
	readonly random?: () => number;
	readonly wallClock?: () => number;
	readonly store?: LimitStore;
	readonly onMirror?: (record: MirrorRecord) => void;
}

/** Creates a router of these instances. By default, chats use round robin and are not retried. */
export function routerOf(instances: readonly Instance[], options: TestRouterOptions = {}): Router {
	const clock = options.clock ?? systemClock;
	return new Router({
		instances,
		routes: options.routes ?? new Map([["chat_completions", { policy: "round_robin", ...options.chat }]]),
		guests: new Map(Object.entries(options.guests ?? {})),
		settings: { ...DEFAULT_ROUTER, retryRatio: 0, ...options.settings },
		clock,
		random: options.random ?? seededRandom(1),
		wallClock: options.wallClock ?? (() => Date.UTC(2026, 10, 26)),
		store: options.store ?? new MemoryLimitStore(clock),
		...(options.onMirror === undefined ? {} : { onMirror: options.onMirror }),
	});
}
