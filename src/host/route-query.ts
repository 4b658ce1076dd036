import type { RequestSize, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";

/** A request as far as the router looks at one: what a host can be asked about without sending anything. */
export interface RouteQuery {
	readonly operation: Operation;
	/** The model it names; the default of whoever serves it when absent. */
	readonly model?: string;
	readonly features?: readonly Feature[];
	/** `unary` when absent. */
	readonly transports?: readonly Transport[];
	readonly routing?: Partial<types.Routing>;
	readonly policy?: types.Policy;
	readonly size?: RequestSize;
	/** The name of the guest whose request it is; an unnamed one when absent. */
	readonly guest?: string;
}

/** The envelope of a request that is only asked about. */
export function envelopeOf(query: RouteQuery): UntypedRequestEnvelope {
	const { operation, model, features = [], transports = ["unary"], routing = {}, policy, size } = query;
	return {
		version: 1,
		request_id: "query",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [], ...routing },
		requirements: { required_ops: [], required_features: [...features].sort(), required_transports: [...transports].sort() },
		...(policy === undefined ? {} : { policy }),
		...(size === undefined ? {} : { size }),
		payload: model === undefined ? {} : { model },
		provider_options: {},
	};
}
