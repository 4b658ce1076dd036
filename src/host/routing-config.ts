import type { Operation } from "../../generated/ir/operations.ts";
import type { Settings } from "../config/settings.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import type { RoutingConfig } from "../router/route-table.ts";
import type { BackendSetUpdate } from "./backend-set.ts";

/** Returns the configuration of the router. */
export function routingConfig(settings: Settings, { instances }: BackendSetUpdate): RoutingConfig {
	const routes = new Map(
		OPERATION_NAMES.map((operation) => [operation, { ...settings.routes.get(operation), timeoutMs: maxTimeoutMs(settings, operation) }]),
	);
	return { instances, routes, guests: settings.guests, settings: settings.router };
}

/** Returns the longest time that a request may take, in milliseconds. */
export function maxTimeoutMs({ routes, timeoutMs }: Settings, operation: Operation): number {
	return Math.min(routes.get(operation)?.timeoutMs ?? timeoutMs, timeoutMs);
}
