import type { Discovery } from "../../generated/hostcall/discovery.ts";
import { FEATURES, OPERATIONS } from "../../generated/ir/operations.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { GuestScope } from "./scope.ts";

/** Discovery: the operations, models and features that the guest may use now. Names no backend, no URL and no key. */
export function createDiscovery({ pipeline }: GuestScope): Discovery {
	return {
		operations() {
			return pipeline.catalog().map(({ operation, available }) => ({ name: operation, family: OPERATIONS[operation].family, available }));
		},
		models(operation) {
			if (operation !== undefined && !Object.hasOwn(OPERATIONS, operation)) {
				throw new SpearError(
					"invalid_request",
					`operation: '${guestName(operation)}' is not known; there are ${Object.keys(OPERATIONS).join(", ")}`,
				);
			}
			return pipeline
				.catalog()
				.filter((entry) => operation === undefined || entry.operation === operation)
				.flatMap((entry) =>
					entry.models.map(({ name, features, transports, limits, isDefault }) => ({
						name,
						operation: entry.operation,
						features: [...features].sort(),
						transports: [...transports],
						limits: Object.entries(limits).map(([limit, value]) => ({ name: limit, value })),
						is_default: isDefault,
					})),
				);
		},
		features() {
			return [...FEATURES];
		},
	};
}
