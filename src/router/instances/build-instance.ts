import type { BackendLimits, ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import type { Backend } from "../../backends/backend.ts";
import { OPERATION_NAMES } from "../../operations/is-operation.ts";
import type { Capabilities, Instance, Model, Rate, Rates } from "./instance.ts";
import type { KeyPool } from "./keys/key-pool.ts";
import type { InstanceStats } from "./stats/instance-stats.ts";

/** A model in the configuration of an instance. */
export interface InstanceModel {
	/** Name that guests use. May hold one `*`. */
	readonly name: string;
	/** Further names that guests may use. The default is none. */
	readonly aliases?: readonly string[] | undefined;
	/** Operations that the model serves. `undefined` for all operations of the instance. */
	readonly operations: readonly Operation[] | undefined;
	/** Limits that override those of the instance. The default is none. */
	readonly limits?: ModelLimits | undefined;
	/** Price that overrides the instance's. The default is the instance's. */
	readonly price?: PriceConfig | undefined;
}

/** The configuration of one instance. */
export interface InstanceSettings {
	readonly name: string;
	readonly kind: string;
	/** Models in the order of the configuration. The first that serves an operation is the default there. */
	readonly models: readonly InstanceModel[];
	/** Operations to serve, among those of the backend. `undefined` for all. */
	readonly operations: readonly Operation[] | undefined;
	/** Features to offer, in place of those of the kind. `undefined` for those of the kind. */
	readonly features: readonly Feature[] | undefined;
	/** Transports to offer, among those of the backend. `undefined` for all. */
	readonly transports: readonly Transport[] | undefined;
	readonly weight: number;
	readonly priority: number;
	readonly region: string | undefined;
	readonly limits: BackendLimits;
	/** Limits by operation, which override `limits`. */
	readonly operationLimits: ReadonlyMap<Operation, BackendLimits>;
	readonly price: PriceConfig | undefined;
	readonly keys: KeyPool;
	readonly stats: InstanceStats;
	/** Models that the upstream lists. The default is none. */
	readonly discovered?: Instance["discovered"];
}

/** Builds an instance from the capabilities of a backend, narrowed by its configuration. */
export function buildInstance(backend: Backend, settings: InstanceSettings): Instance {
	const { name, kind, weight, priority, region, keys, stats } = settings;
	const operations = new Map<Operation, Capabilities>();
	for (const operation of implementedOperations(backend)) {
		const offered = backend.capabilities[operation];
		if (offered === undefined || (settings.operations !== undefined && !settings.operations.includes(operation))) continue;
		const ownLimits = settings.operationLimits.get(operation) ?? {};
		const models = modelsFor(operation, settings.models, offered.models ?? []);
		operations.set(operation, {
			features: new Set(settings.features ?? offered.features),
			models,
			...(settings.models.length > 0 && models.length === 0 ? { isClosed: true } : {}),
			voices: offered.voices ?? [],
			transports: new Set(offered.transports.filter((transport) => settings.transports?.includes(transport) ?? true)),
			limits: sizeLimits({ ...settings.limits, ...ownLimits }),
			rates: ratesOf(settings.limits, ownLimits),
			price: settings.price,
			rules: offered.rules,
		});
	}
	const concurrency = settings.limits.concurrency ?? Number.POSITIVE_INFINITY;
	const discovered = settings.discovered === undefined ? {} : { discovered: settings.discovered };
	return { name, kind, backend, operations, weight, priority, region, concurrency, keys, stats, ...discovered };
}

/** The limits on the size of a request, without the rates. */
function sizeLimits(limits: BackendLimits): ModelLimits {
	const { concurrency: _c, requests_per_second: _s, requests_per_minute: _r, tokens_per_minute: _t, ...sizes } = limits;
	return sizes;
}

function ratesOf(general: BackendLimits, own: BackendLimits): Rates {
	const perSecond = rateOf(general.requests_per_second, own.requests_per_second);
	return {
		concurrency: own.concurrency ?? Number.POSITIVE_INFINITY,
		requestsPerMinute: rateOf(general.requests_per_minute, own.requests_per_minute),
		tokensPerMinute: rateOf(general.tokens_per_minute, own.tokens_per_minute),
		...(perSecond === undefined ? {} : { requestsPerSecond: perSecond }),
	};
}

function rateOf(general: number | undefined, own: number | undefined): Rate | undefined {
	const amount = own ?? general;
	return amount === undefined ? undefined : { amount, ofOperation: own !== undefined };
}

/** The models of one operation: the configured ones that serve it. Without any configured, those of the kind. */
function modelsFor(operation: Operation, configured: readonly InstanceModel[], ofKind: readonly string[]): readonly Model[] {
	if (configured.length === 0) return ofKind.map((name) => ({ name, aliases: [], limits: {}, price: undefined }));
	return configured
		.filter(({ operations }) => operations?.includes(operation) ?? true)
		.map(({ name, aliases, limits, price }) => ({ name, aliases: aliases ?? [], limits: limits ?? {}, price }));
}

function implementedOperations({ operations }: Backend): Operation[] {
	return OPERATION_NAMES.filter((name) => operations[name] !== undefined);
}
