import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type { Backend } from "../backends/backend.ts";
import type { Capabilities, Instance } from "./instance.ts";

/** What the configuration says about one instance. */
export interface InstanceSettings {
	readonly name: string;
	readonly kind: string;
	/** Models by the name guests use, the default one first. */
	readonly models: readonly string[];
	/** Only these operations, of those the backend can. */
	readonly operations: readonly Operation[] | undefined;
	/** Exactly these features, instead of those of the kind. */
	readonly features: readonly Feature[] | undefined;
	/** Exactly these transports, of those the backend implements. */
	readonly transports: readonly Transport[] | undefined;
	readonly hasKey: () => boolean;
}

/** Joins what a backend can do and what its configuration allows. */
export function buildInstance(backend: Backend, settings: InstanceSettings): Instance {
	const operations = new Map<Operation, Capabilities>();
	for (const operation of operationsOf(backend)) {
		const offered = backend.capabilities[operation];
		if (offered === undefined || (settings.operations !== undefined && !settings.operations.includes(operation))) continue;
		operations.set(operation, {
			features: new Set(settings.features ?? offered.features),
			transports: new Set(offered.transports.filter((name) => settings.transports?.includes(name) ?? true)),
		});
	}
	return {
		name: settings.name,
		kind: settings.kind,
		backend,
		operations,
		models: settings.models,
		hasKey: settings.hasKey,
		inFlight: 0,
	};
}

/** The operations a backend implements. */
function operationsOf(backend: Backend): Operation[] {
	return Object.entries(backend.operations).flatMap(([name, implementation]) =>
		implementation !== undefined && isOperationOf(backend, name) ? [name] : [],
	);
}

function isOperationOf(backend: Backend, name: string): name is Operation {
	return Object.hasOwn(backend.operations, name);
}
