import type { BackendOperations, OperationBackends } from "../../generated/backends/operations.ts";
import type { Operation, Transport } from "../../generated/ir/operations.ts";
import { guestName } from "../errors/guest-name.ts";
import { isOperation, OPERATION_NAMES } from "../operations/is-operation.ts";
import type { Network } from "../transport/network.ts";
import type { Backend, BackendKind, InstanceConfig, OperationCapabilities, ReadVariable } from "./backend.ts";
import type { UpstreamProbes } from "./discovery.ts";
import { isKindName, KIND_NAME_RULE } from "./kind-name.ts";
import { allPass } from "./rule-groups.ts";
import type { FieldRules } from "./rules.ts";

/** An operation that a backend serves: the functions that it implements, and its capabilities. */
export type OperationDefinition<O extends Operation> = Partial<OperationBackends[O]> &
	Omit<OperationCapabilities<O>, "transports" | "rules"> & {
		/** Treatment of every field of a request. The default is that every field passes, as far as the features allow. */
		readonly rules?: FieldRules<O>;
	};

/** An instance of a backend kind. */
export interface BackendInstance extends UpstreamProbes {
	/** The operations that the instance serves. */
	readonly operations: { readonly [O in Operation]?: OperationDefinition<O> };
	/** Ends calls in flight with `cancelled` and releases every socket and timer. The default does nothing. */
	close?(): Promise<void>;
}

export interface BackendDefinition {
	/** Name for `kind` in the configuration: lower-case words joined by `-`. */
	readonly name: string;
	/**
	 * Creates an instance. Opens no connection: an upstream that is down shows in the first call, not at start.
	 *
	 * @param network Proxies and certificate authorities of the host. The default is direct connections.
	 * @param variable Reads variables that options name, beside those of the keys. The default knows none.
	 * @throws BackendConfigError for a configuration that this kind cannot use.
	 */
	create(config: InstanceConfig, network?: Network, variable?: ReadVariable): BackendInstance;
}

/** Transports by the function that implements them. */
const TRANSPORTS: Readonly<Record<string, Transport>> = { unary: "unary", stream: "server_stream", connect: "bidi_stream" };

/**
 * Defines a backend kind outside this package, for `createHost({ kinds })`. The transports of an operation follow from the functions
 * that it implements.
 *
 * ```ts
 * import { defineBackend } from "spear-hostcall/backend";
 *
 * export const lengths = defineBackend({
 * 	name: "lengths",
 * 	create: () => ({
 * 		operations: {
 * 			embeddings: {
 * 				features: [],
 * 				models: ["length-1"],
 * 				async unary({ payload }) {
 * 					return { model: "length-1", dimensions: 1, vectors: payload.input.map((text) => Float32Array.of(text.length)) };
 * 				},
 * 			},
 * 		},
 * 	}),
 * });
 * ```
 *
 * @throws TypeError for a name that no configuration could use; from `create`, for an operation that is unknown or implements nothing.
 */
export function defineBackend(definition: BackendDefinition): BackendKind {
	const { name } = definition;
	if (!isKindName(name)) throw new TypeError(`name: '${guestName(name)}' cannot name a backend kind; ${KIND_NAME_RULE}`);
	return {
		name,
		create(config, network, variable) {
			const instance = checkedInstance(name, definition.create(config, network, variable));
			refuseUnknown(name, instance.operations);
			return {
				operations: implementations(instance.operations),
				capabilities: capabilities(name, instance.operations),
				...(instance.listModels === undefined ? {} : { listModels: instance.listModels.bind(instance) }),
				...(instance.probe === undefined ? {} : { probe: instance.probe.bind(instance) }),
				close: async () => instance.close?.(),
			};
		},
	};
}

function checkedInstance(kind: string, instance: BackendInstance): BackendInstance {
	const value: unknown = instance;
	if (value instanceof Promise) {
		value.catch(() => {}); // Otherwise its failure would end the process.
		throw new TypeError(`backend kind '${kind}': create returned a promise; return the instance itself, and connect in the first call`);
	}
	if (
		typeof value === "object" &&
		value !== null &&
		"operations" in value &&
		typeof value.operations === "object" &&
		value.operations !== null
	)
		return instance;
	throw new TypeError(`backend kind '${kind}': create returned no object with the member operations`);
}

function refuseUnknown(kind: string, operations: BackendInstance["operations"]): void {
	const unknown = Object.keys(operations).find((operation) => !isOperation(operation));
	if (unknown === undefined) return;
	throw new TypeError(`backend kind '${kind}': there is no operation '${unknown}'; there are ${OPERATION_NAMES.join(", ")}`);
}

/**
 * Returns the functions of every operation; `undefined` for an operation that is not served. An operation may lack a function: the router
 * calls only those whose transport is declared.
 */
function implementations(operations: BackendInstance["operations"]): BackendOperations {
	return Object.fromEntries(OPERATION_NAMES.map((operation): readonly unknown[] => [operation, operations[operation]]));
}

function capabilities(kind: string, operations: BackendInstance["operations"]): Backend["capabilities"] {
	const found: { [O in Operation]?: OperationCapabilities<O> } = {};
	for (const operation of OPERATION_NAMES) addCapabilities(found, kind, operation, operations[operation]);
	return found;
}

function addCapabilities<O extends Operation>(
	found: { [P in O]?: OperationCapabilities<P> },
	kind: string,
	operation: O,
	definition: OperationDefinition<O> | undefined,
): void {
	if (definition === undefined) return;
	const transports = Object.keys(TRANSPORTS).flatMap((member) => (member in definition ? (TRANSPORTS[member] ?? []) : []));
	if (transports.length === 0) {
		throw new TypeError(`backend kind '${kind}': ${operation} implements nothing; give it 'unary', 'stream' or 'connect'`);
	}
	const { features, models, voices, rules = allPass(operation) } = definition;
	found[operation] = {
		features,
		transports,
		...(models === undefined ? {} : { models }),
		...(voices === undefined ? {} : { voices }),
		rules,
	};
}
