import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type { Backend } from "../backends/backend.ts";
import type { Capabilities, Instance } from "./instance.ts";

/** A configured model by the name guests use. */
export interface InstanceModel {
	readonly name: string;
	/** Only these operations. */
	readonly operations: readonly Operation[] | undefined;
}

/** What the configuration says about one instance. */
export interface InstanceSettings {
	readonly name: string;
	readonly kind: string;
	/** Models in the order of the configuration; the first that serves an operation is its default there. */
	readonly models: readonly InstanceModel[];
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
			models: modelsFor(operation, settings.models, offered.models ?? []),
			voices: offered.voices ?? [],
			transports: new Set(offered.transports.filter((name) => settings.transports?.includes(name) ?? true)),
		});
	}
	return {
		name: settings.name,
		kind: settings.kind,
		backend,
		operations,
		hasKey: settings.hasKey,
		inFlight: 0,
	};
}

/** The models of one operation: the configured ones that serve it, or those of the kind itself where none is configured. */
function modelsFor(operation: Operation, configured: readonly InstanceModel[], own: readonly string[]): readonly string[] {
	if (configured.length === 0) return own;
	return configured.filter(({ operations }) => operations?.includes(operation) ?? true).map(({ name }) => name);
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
