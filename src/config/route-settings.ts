import type { Config, GuestConfig, GuestRouteConfig, HedgeConfig, MirrorConfig, RouteConfig } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type { GuestRoute, GuestSettings, HedgeSettings, MirrorSettings, RouteSettings } from "../router/settings.ts";
import { byOperation, known } from "./known.ts";

/** Operations that are never hedged: a second session or a second set of images costs too much. */
const NOT_HEDGED: ReadonlySet<string> = new Set(["image_generation", "realtime_voice"]);

/** Reads the `[routes.<operation>]` tables. Adds a fault for each name that is no backend, and for each table that cannot be used. */
export function routeSettings(routes: Config["routes"], backends: readonly string[], faults: string[]): Map<Operation, RouteSettings> {
	return byOperation(routes, "routes", faults, (route, operation) => readRoute(route, operation, backends, faults));
}

function readRoute(route: RouteConfig, operation: string, backends: readonly string[], faults: string[]): RouteSettings {
	const key = `routes.${operation}`;
	known(route.allow, backends, `${key}.allow`, faults);
	known(route.deny, backends, `${key}.deny`, faults);
	const hedge = route.hedge === undefined ? undefined : readHedge(route.hedge, operation, `${key}.hedge`, faults);
	const mirror = route.mirror === undefined ? undefined : readMirror(route.mirror, operation, backends, `${key}.mirror`, faults);
	return {
		...optional("policy", route.policy),
		...optional("requestPolicies", route.request_policies),
		...optional("allow", route.allow),
		...optional("deny", route.deny),
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

function readHedge(hedge: HedgeConfig, operation: string, key: string, faults: string[]): HedgeSettings | undefined {
	if (NOT_HEDGED.has(operation)) {
		faults.push(`${key}: requests of ${operation} are never hedged; omit it`);
		return undefined;
	}
	if ((hedge.delay_ms === undefined) === (hedge.quantile === undefined)) {
		faults.push(`${key}: set either delay_ms or quantile`);
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
	backends: readonly string[],
	key: string,
	faults: string[],
): MirrorSettings | undefined {
	if (operation === "realtime_voice") {
		faults.push(`${key}: a session cannot be mirrored; omit it`);
		return undefined;
	}
	known([mirror.backend], backends, `${key}.backend`, faults);
	return {
		backend: mirror.backend,
		ratio: mirror.percent / 100,
		concurrency: mirror.concurrency ?? 4,
		requestsPerMinute: mirror.requests_per_minute ?? 60,
		...optional("budgetPerDay", mirror.budget_per_day),
	};
}

/** Reads the `[guests.<name>]` tables. Adds a fault for each name that is no backend. */
export function guestSettings(guests: Config["guests"], backends: readonly string[], faults: string[]): Map<string, GuestSettings> {
	return new Map(Object.entries(guests ?? {}).map(([name, guest]) => [name, readGuest(name, guest, backends, faults)]));
}

function readGuest(name: string, guest: GuestConfig, backends: readonly string[], faults: string[]): GuestSettings {
	const key = `guests.${name}.routes`;
	const routes = byOperation(guest.routes, key, faults, (route, operation) =>
		readGuestRoute(route, `${key}.${operation}`, backends, faults),
	);
	return {
		...optional("requestsPerMinute", guest.requests_per_minute),
		...optional("tokensPerMinute", guest.tokens_per_minute),
		...optional("concurrency", guest.concurrency),
		...optional("budget", guest.budget),
		routes,
	};
}

function readGuestRoute(route: GuestRouteConfig, key: string, backends: readonly string[], faults: string[]): GuestRoute {
	known(route.allow, backends, `${key}.allow`, faults);
	known(route.deny, backends, `${key}.deny`, faults);
	return {
		...optional("policy", route.policy),
		...optional("requestPolicies", route.request_policies),
		...optional("allow", route.allow),
		...optional("deny", route.deny),
	};
}

/** Names that `optional` accepts, so that a misspelled name does not compile. */
type SettingName = keyof RouteSettings | keyof MirrorSettings | keyof GuestSettings | keyof GuestRoute;

/** Returns an object with the member `name`, or without members if `value` is undefined. */
function optional<K extends SettingName, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
	const member: { [N in K]?: V } = {};
	if (value !== undefined) member[name] = value;
	return member;
}
