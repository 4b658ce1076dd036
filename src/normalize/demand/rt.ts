import type { Demand } from "../../../generated/ir/envelope.ts";

/** Nobody knows at its beginning how large a session will be. */
export function rtDemand(): Demand {
	return {};
}
