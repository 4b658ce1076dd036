import type { Config, GuestConfig, GuestRouteConfig, HedgeConfig, MirrorConfig, RouteConfig } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type { GuestRoute, GuestSettings, HedgeSettings, MirrorSettings, RouteSettings } from "../router/settings.ts";
import type { ConfigPath } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { byOperation, known, unknownName } from "./known.ts";

/** Operations that are never hedged: a second session or a second set of images costs too much. */
const NOT_HEDGED: ReadonlySet<string> = new Set(["image_generation", "realtime_voice"]);

/**
 * Reads the `[routes.<operation>]` tables. Adds a fault for each name that is no backend, and for each table that cannot be used.
 *
 * @param backends Names of the backends. `undefined` if they are unknown.
 */
export function routeSettings(
	routes: Config["routes"],
	backends: readonly string[] | undefined,
	faults: Faults,
): Map<Operation, RouteSettings> {
	return byOperation(routes, ["routes"], faults, (route, operation) => readRoute(route, operation, backends, faults));
}

function readRoute(route: RouteConfig, operation: string, backends: readonly string[] | undefined, faults: Faults): RouteSettings {
	const path = ["routes", operation];
	knownBackends(route.allow, backends, [...path, "allow"], faults);
	knownBackends(route.deny, backends, [...path, "deny"], faults);
	const hedge = route.hedge === undefined ? undefined : readHedge(route.hedge, operation, [...path, "hedge"], faults);
	const mirror = route.mirror === undefined ? undefined : readMirror(route.mirror, operation, backends, [...path, "mirror"], faults);
	return {
		...optional("policy", route.policy),
		...optional("requestPolicies", route.request_policies),
		...optional("allow", route.allow),
		...optional("deny", route.deny),
		...optional("degradation", route.degradation),
		...optional("timeoutMs", route.timeout_ms),
		...optional("firstEventTimeoutMs", route.first_event_timeout_ms),
		...optional("idleTimeoutMs", route.idle_timeout_ms),
		...optional("maxAttempts", route.max_attempts),
		...optional("idempotent", route.idempotent),
		...optional("affinity", route.affinity),
		...optional("concurrency", route.concurrency),
		...optional("hedge", hedge),
		...optional("mirror", mirror),
	};
}

function readHedge(hedge: HedgeConfig, operation: string, path: ConfigPath, faults: Faults): HedgeSettings | undefined {
	if (NOT_HEDGED.has(operation)) {
		faults.add(path, `requests of ${operation} are never hedged; omit it`);
		return undefined;
	}
	if ((hedge.delay_ms === undefined) === (hedge.quantile === undefined)) {
		faults.add(path, "set either delay_ms or quantile");
		return undefined;
	}
	return {
		attempts: hedge.attempts ?? 2,
		after: hedge.quantile === undefined ? { delayMs: hedge.delay_ms ?? 0 } : { quantile: hedge.quantile },
		ratio: (hedge.budget_percent ?? 5) / 100,
	};
}

function readMirror(
	mirror: MirrorConfig,
	operation: string,
	backends: readonly string[] | undefined,
	path: ConfigPath,
	faults: Faults,
): MirrorSettings | undefined {
	if (operation === "realtime_voice") {
		faults.add(path, "a session cannot be mirrored; omit it");
		return undefined;
	}
	if (backends?.includes(mirror.backend) === false) faults.add([...path, "backend"], unknownName(mirror.backend, backends, faults));
	return {
		backend: mirror.backend,
		ratio: mirror.percent / 100,
		concurrency: mirror.concurrency ?? 4,
		requestsPerMinute: mirror.requests_per_minute ?? 60,
		...optional("budgetPerDay", mirror.budget_per_day),
	};
}

/** Reads the `[guests.<name>]` tables. Adds a fault for each name that is no backend. */
export function guestSettings(
	guests: Config["guests"],
	backends: readonly string[] | undefined,
	faults: Faults,
): Map<string, GuestSettings> {
	return new Map(Object.entries(guests ?? {}).map(([name, guest]) => [name, readGuest(name, guest, backends, faults)]));
}

function readGuest(name: string, guest: GuestConfig, backends: readonly string[] | undefined, faults: Faults): GuestSettings {
	const path = ["guests", name, "routes"];
	const routes = byOperation(guest.routes, path, faults, (route, operation) =>
		readGuestRoute(route, [...path, operation], backends, faults),
	);
	return {
		...optional("requestsPerSecond", guest.requests_per_second),
		...optional("requestsPerMinute", guest.requests_per_minute),
		...optional("tokensPerMinute", guest.tokens_per_minute),
		...optional("concurrency", guest.concurrency),
		...optional("budget", guest.budget),
		routes,
	};
}

function readGuestRoute(route: GuestRouteConfig, path: ConfigPath, backends: readonly string[] | undefined, faults: Faults): GuestRoute {
	knownBackends(route.allow, backends, [...path, "allow"], faults);
	knownBackends(route.deny, backends, [...path, "deny"], faults);
	return {
		...optional("policy", route.policy),
		...optional("requestPolicies", route.request_policies),
		...optional("allow", route.allow),
		...optional("deny", route.deny),
		...optional("degradation", route.degradation),
	};
}

/** Adds a fault for each name that is no backend. `backends` is `undefined` if those are unknown. */
function knownBackends(
	names: readonly string[] | undefined,
	backends: readonly string[] | undefined,
	path: ConfigPath,
	faults: Faults,
): void {
	if (backends !== undefined) known(names, backends, path, faults);
}

/** Names that `optional` accepts, so that a misspelled name does not compile. */
type SettingName = keyof RouteSettings | keyof MirrorSettings | keyof GuestSettings | keyof GuestRoute;

/** Returns an object with the member `name`, or without members if `value` is undefined. */
function optional<K extends SettingName, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
	const member: { [N in K]?: V } = {};
	if (value !== undefined) member[name] = value;
	return member;
}
