import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import { type GuestIdentity, NO_GUEST } from "../../../src/identity/guest-identity.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { RouteTable, type RoutingConfig } from "../../../src/router/route-table.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { seededRandom } from "../../../src/time/random.ts";

/** A route table of these instances. */
export function tableOf(instances: readonly Instance[], config: Partial<RoutingConfig> = {}): RouteTable {
	const complete = { instances, routes: new Map(), guests: new Map(), settings: DEFAULT_ROUTER, ...config };
	return new RouteTable(complete, { random: seededRandom(1), recoveryEpoch: { value: 0 } });
}

/** Names of the candidates of a request, the preferred ones first. */
export function candidates(table: RouteTable, request: RequestEnvelope<Operation>, guest: GuestIdentity = NO_GUEST): string[] {
	return [...table.resolve(request, guest).candidates.inOrder()].map(({ name }) => name);
}
