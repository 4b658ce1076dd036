import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Decision } from "../decision/decision.ts";
import type { Route } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import type { RouterSettings } from "../settings.ts";

/** A request with its route and the record of its decision: the input of every step of its execution. */
export interface RoutedRequest {
	readonly request: UntypedRequestEnvelope;
	/** From the configuration at the start of the request. A reload does not change it. */
	readonly route: Route;
	/** From the configuration at the start of the request, like the route. */
	readonly settings: RouterSettings;
	readonly decision: Decision;
	readonly state: RouterState;
	/** Time at which the request reached the router, in milliseconds of its clock. */
	readonly startedAt: number;
	/** Time at which the request must have ended. `Infinity` without a deadline. */
	readonly deadlineAt: number;
}
