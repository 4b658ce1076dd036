import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Clock } from "../../time/clock.ts";
import { Decision, type DecisionOptions } from "../decision/decision.ts";
import type { EligibilityReport } from "../decision/explanation.ts";
import type { Route, RouteTable } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import type { RouterSettings } from "../settings.ts";

/** A request with its route and the record of its decision: the input of every step of its execution. */
export class RoutedRequest implements DecisionOptions {
	readonly request: UntypedRequestEnvelope;
	/** From the configuration at the start of the request. A reload does not change it. */
	readonly route: Route;
	readonly table: RouteTable;
	readonly state: RouterState;
	/** Time at which the request reached the router, in milliseconds of its clock. */
	readonly startedAt: number;
	/** Time at which the request must have ended. `Infinity` without a deadline. */
	readonly deadlineAt: number;
	readonly decision: Decision;
	/** True if the decision log keeps the decision. */
	readonly sampled: boolean;
	/** True if all instances are evaluated when the first attempt starts. */
	readonly evaluated: boolean;

	constructor(request: UntypedRequestEnvelope, route: Route, table: RouteTable, state: RouterState, startedAt: number, sampled: boolean) {
		this.request = request;
		this.route = route;
		this.table = table;
		this.state = state;
		this.startedAt = startedAt;
		this.deadlineAt = startedAt + (request.timeout_ms ?? Number.POSITIVE_INFINITY);
		this.sampled = sampled;
		this.evaluated = sampled || state.observers.evaluates(table.config.instances.length);
		this.decision = new Decision(this);
	}

	/** From the configuration at the start of the request, like the route. */
	get settings(): RouterSettings {
		return this.table.config.settings;
	}

	get policy(): types.Policy {
		return this.route.candidates.subject.policy;
	}

	get clock(): Clock {
		return this.state.clock;
	}

	evaluate(chosen: readonly string[]): EligibilityReport {
		return this.table.evaluate(this.request, this.route, this.clock.now(), chosen);
	}
}
