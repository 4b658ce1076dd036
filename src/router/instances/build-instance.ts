import type { BackendLimits, ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import type { Backend } from "../../backends/backend.ts";
import { OPERATION_NAMES } from "../../operations/is-operation.ts";
import type { Capabilities, Instance, Model, Rate, Rates } from "./instance.ts";
import type { KeyPool } from "./keys/key-pool.ts";
import type { InstanceStats } from "./stats/instance-stats.ts";

/** A configured model by the name guests use. */
export interface InstanceModel {
	readonly name: string;
	readonly aliases?: readonly string[] | undefined;
	/** Only these operations. */
	readonly operations: readonly Operation[] | undefined;
	readonly limits?: ModelLimits | undefined;
	readonly price?: PriceConfig | undefined;
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
	readonly weight: number;
	readonly priority: number;
	readonly region: string | undefined;
	readonly limits: BackendLimits;
	/** Those of single operations win over `limits`. */
	readonly operationLimits: ReadonlyMap<Operation, BackendLimits>;
	readonly price: PriceConfig | undefined;
	readonly keys: KeyPool;
	readonly stats: InstanceStats;
}

/** Joins what a backend can do and what its configuration allows. */
export function buildInstance(backend: Backend, settings: InstanceSettings): Instance {
	const { name, kind, weight, priority, region, keys, stats } = settings;
	const operations = new Map<Operation, Capabilities>();
	for (const operation of operationsOf(backend)) {
		const offered = backend.capabilities[operation];
		if (offered === undefined || (settings.operations !== undefined && !settings.operations.includes(operation))) continue;
		const own = settings.operationLimits.get(operation) ?? {};
		operations.set(operation, {
			features: new Set(settings.features ?? offered.features),
			models: modelsFor(operation, settings.models, offered.models ?? []),
			voices: offered.voices ?? [],
			transports: new Set(offered.transports.filter((transport) => settings.transports?.includes(transport) ?? true)),
			limits: sizes({ ...settings.limits, ...own }),
			rates: rates(settings.limits, own),
			price: settings.price,
		});
	}
	const concurrency = settings.limits.concurrency ?? Number.POSITIVE_INFINITY;
	return { name, kind, backend, operations, weight, priority, region, concurrency, keys, stats };
}

/** The limits on the size of a request; the others are rates. */
function sizes({ concurrency: _c, requests_per_minute: _r, tokens_per_minute: _t, ...limits }: BackendLimits): ModelLimits {
	return limits;
}

function rates(general: BackendLimits, own: BackendLimits): Rates {
	return {
		concurrency: own.concurrency ?? Number.POSITIVE_INFINITY,
		requestsPerMinute: rate(general.requests_per_minute, own.requests_per_minute),
		tokensPerMinute: rate(general.tokens_per_minute, own.tokens_per_minute),
	};
}

function rate(general: number | undefined, own: number | undefined): Rate | undefined {
	const amount = own ?? general;
	return amount === undefined ? undefined : { amount, ofOperation: own !== undefined };
}

/** The models of one operation: the configured ones that serve it, or those of the kind itself where none is configured. */
function modelsFor(operation: Operation, configured: readonly InstanceModel[], own: readonly string[]): readonly Model[] {
	if (configured.length === 0) return own.map((name) => ({ name, aliases: [], limits: {}, price: undefined }));
	return configured
		.filter(({ operations }) => operations?.includes(operation) ?? true)
		.map(({ name, aliases, limits, price }) => ({ name, aliases: aliases ?? [], limits: limits ?? {}, price }));
}

/** Returns the operations that a backend implements. */
function operationsOf(backend: Backend): Operation[] {
	return OPERATION_NAMES.filter((name) => backend.operations[name] !== undefined);
}
