import type { RequestSize, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import { REQUEST_FIELDS } from "../../generated/ir/fields/operations.ts";
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
	/** Fields that the request is assumed to have, such as `messages.content.image`. The default is none. */
	readonly fields?: readonly string[];
	/** Degradation policy that the request asks for. The default is that of the host. */
	readonly degradation?: types.Degradation;
	/** Name of the guest. The default is a guest without a name. */
	readonly guest?: string;
}

/** Returns the envelope of a query. */
export function envelopeOf(query: RouteQuery): UntypedRequestEnvelope {
	const { operation, model, features = [], transports = ["unary"], routing = {}, policy, size, degradation } = query;
	return {
		version: 1,
		request_id: "query",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [], ...routing },
		requirements: {
			required_ops: [],
			required_features: [...new Set([...features, ...demandedBy(query)])].sort(),
			required_transports: [...transports].sort(),
		},
		// A feature that the query names must be offered. One that a field demands need not be, if the policy replaces the field.
		declared_features: [...features].sort(),
		...(policy === undefined ? {} : { policy }),
		...(degradation === undefined ? {} : { degradation }),
		...(size === undefined ? {} : { size }),
		payload: model === undefined ? {} : { model },
		provider_options: {},
	};
}

/** Returns the features that the fields of a query demand. */
function demandedBy({ operation, fields = [] }: RouteQuery): Feature[] {
	return REQUEST_FIELDS[operation].FEATURE_DEMANDS.flatMap(({ field, feature }) => (fields.includes(field) ? [feature] : []));
}
