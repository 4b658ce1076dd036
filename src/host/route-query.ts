import type { RequestSize, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";

/** The parts of a request that the router uses, for a query that sends nothing. */
export interface RouteQuery {
	readonly operation: Operation;
	/** Model that the request names. The default is that of each backend. */
	readonly model?: string;
	readonly features?: readonly Feature[];
	/** Transports that the request needs. The default is `unary`. */
	readonly transports?: readonly Transport[];
	readonly routing?: Partial<types.Routing>;
	readonly policy?: types.Policy;
	readonly size?: RequestSize;
	/** Name of the guest. The default is a guest without a name. */
	readonly guest?: string;
}

/** Returns the envelope of a query. */
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
