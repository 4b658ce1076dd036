import type { ModelConfig } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { type Backend, BackendConfigError, type BackendConfigFault, type ModelConfig as BackendModel } from "../backends/backend.ts";
import type { NamedBackend } from "../config/backend-settings.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import type { Faults } from "../config/faults.ts";
import type { CheckedConfig } from "../config/read-config.ts";
import type { SpearError } from "../errors/spear-error.ts";
import { buildInstance } from "../router/instances/build-instance.ts";
import type { Instance } from "../router/instances/instance.ts";
import { KeyPool } from "../router/instances/keys/key-pool.ts";
import { InstanceStats, type StatsSettings } from "../router/instances/stats/instance-stats.ts";
import { systemClock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import type { Network } from "../transport/network.ts";
import type { CheckedInstance } from "./check/check-backend.ts";
import { checkedBackend } from "./checked-backend.ts";
import { createdBackend } from "./created-backend.ts";
import { guestModels } from "./discovery/guest-models.ts";
import { ModelTable } from "./discovery/model-table.ts";
import type { KeyVariable } from "./key-warnings.ts";
import type { SecretSources } from "./secret-sources.ts";

/** Changes that a configuration makes to the backends, by their names. */
export interface BackendDiff {
	readonly added: readonly string[];
	readonly removed: readonly string[];
	/** Backends whose connection settings changed: upstream, models, operations, headers or options. Their statistics start again. */
	readonly replaced: readonly string[];
	/** Backends whose connection settings are unchanged. The statistics are kept, whatever changes of weight, keys, limits or prices. */
	readonly kept: readonly string[];
}

interface Entry {
	readonly backend: Backend;
	/** Settings that the backend was created with. Another backend is created when they change. */
	readonly identity: string;
	readonly keyIdentity: string;
	readonly keyNames: readonly string[];
	readonly keys: KeyPool;
	readonly stats: InstanceStats;
	readonly instance: Instance;
	/** Upstream's names of the configured models. */
	readonly models: readonly string[];
	/** Models that the upstream lists. Absent if the configuration does not ask for them, or the kind lists none. */
	readonly table: ModelTable | undefined;
}

/** The backends of a configuration, created but not in use yet. */
export interface BackendSetUpdate {
	readonly instances: readonly Instance[];
	readonly diff: BackendDiff;
	/** Puts the backends to use. Returns the former backends that are unused from now on, to be closed after their last request. */
	commit(): readonly Backend[];
	/** Closes the backends that were created, in place of `commit`. */
	discard(): Promise<void>;
}

/** Failures that no caller waits for. */
export interface BackendSetEvents {
	readonly onListFailure?: (backend: string, error: SpearError) => void;
	readonly onCloseFailure?: (backend: string, cause: unknown) => void;
}

/** Configured backends and their update. */
export class BackendSet {
	readonly #secrets: SecretSources;
	readonly #random: Random;
	readonly #network: Network | undefined;
	readonly #onListFailure: NonNullable<BackendSetEvents["onListFailure"]>;
	readonly #onCloseFailure: NonNullable<BackendSetEvents["onCloseFailure"]>;
	#entries = new Map<string, Entry>();
	/** Names of all variables and files that held a key. A request in flight may use a key that the configuration no longer names. */
	readonly #keyNames = new Set<string>();

	/**
	 * @param network Path of the connections of every backend. The default is direct connections.
	 * @param options `onListFailure` is called when the models of a backend cannot be listed, `onCloseFailure` when a backend cannot be closed.
	 * The default does nothing.
	 */
	constructor(
		secrets: SecretSources,
		random: Random,
		network?: Network,
		{ onListFailure = () => {}, onCloseFailure = () => {} }: BackendSetEvents = {},
	) {
		this.#network = network;
		this.#onListFailure = onListFailure;
		this.#onCloseFailure = onCloseFailure;
		this.#secrets = secrets;
		this.#random = random;
	}

	/**
	 * Creates the backends that a configuration adds. Nothing changes before `commit`. Adds the faults that kinds find.
	 *
	 * @throws ConfigError with every fault of the configuration, if there is one.
	 */
	prepare({ settings, faults }: CheckedConfig): BackendSetUpdate {
		const statsSettings: StatsSettings = {
			breaker: settings.router.breaker,
			intervalMs: settings.router.ejection.intervalMs,
			slowStartMs: settings.router.slowStartMs,
		};
		const before = this.#entries;
		const entries = new Map<string, Entry>();
		for (const entry of settings.backends) {
			try {
				entries.set(entry.name, this.#entry(entry, before.get(entry.name), statsSettings));
			} catch (thrown) {
				if (!(thrown instanceof BackendConfigError)) throw thrown;
				for (const fault of thrown.faults) addFault(fault, entry.name, faults, thrown.cause);
			}
		}
		try {
			faults.throwIfAny();
		} catch (thrown) {
			for (const [name, { backend }] of entries) if (!inUse(before, backend)) void this.#closeOne(name, backend);
			throw thrown;
		}
		const diff = compare(before, entries);
		return {
			instances: [...entries.values()].map(({ instance }) => instance),
			diff,
			commit: () => {
				this.#entries = entries;
				this.#secrets.refresh();
				for (const { keyNames } of settings.backends) for (const name of keyNames) this.#keyNames.add(name);
				for (const { stats } of entries.values()) stats.updateSettings(statsSettings);
				const tables = new Set([...entries.values()].map(({ table }) => table));
				for (const { table } of before.values()) if (!tables.has(table)) table?.close();
				return [...diff.removed, ...diff.replaced].flatMap((name) => before.get(name)?.backend ?? []);
			},
			discard: async () => {
				const created = [...entries].filter(([, { backend }]) => !inUse(before, backend));
				await Promise.all(created.map(([name, { backend }]) => this.#closeOne(name, backend)));
			},
		};
	}

	/** Yields every key: the present value of its variable, and the present and the former content of its file. */
	*secrets(): Generator<string, void, void> {
		for (const name of this.#keyNames) {
			yield* this.#secrets.values(name);
		}
	}

	/** Yields the variable or file of every configured key. */
	*keyVariables(): Generator<KeyVariable, void, void> {
		for (const [backend, { keyNames }] of this.#entries) {
			for (const name of keyNames) {
				const [value, fault, isPublic] = [this.#secrets.raw(name), this.#secrets.fault(name), this.#secrets.isPublic(name)];
				yield { backend, name, value, isPublic, ...(fault === undefined ? {} : { fault }) };
			}
		}
	}

	/** Returns the names of the variables of a backend's keys that are not set, and the paths of files without a key. */
	missingKeys(backend: string): string[] {
		return (this.#entries.get(backend)?.keyNames ?? []).filter((name) => this.#key(name) === undefined);
	}

	/** Returns every backend with its keys and the upstream's names of its models, to be checked. */
	toCheck(): CheckedInstance[] {
		return [...this.#entries].map(([name, { backend, keyNames, instance, models }]) => ({
			name,
			kind: instance.kind,
			backend,
			keys: keyNames.map((keyName) => ({ name: keyName, value: this.#key(keyName) })),
			models,
		}));
	}

	/** Starts to read the lists of models that guests may see and that have expired. Waits for none. */
	refreshModels(): void {
		for (const { table } of this.#entries.values()) void table?.refresh();
	}

	/** Closes every backend. A backend that cannot be closed does not affect the others. */
	async close(): Promise<void> {
		for (const { table } of this.#entries.values()) table?.close();
		await Promise.all([...this.#entries].map(([name, { backend }]) => this.#closeOne(name, backend)));
	}

	async #closeOne(name: string, backend: Backend): Promise<void> {
		try {
			await backend.close();
		} catch (thrown) {
			this.#onCloseFailure(name, thrown);
		}
	}

	#entry(entry: NamedBackend, before: Entry | undefined, statsSettings: StatsSettings): Entry {
		const { name, kind, config, keyNames } = entry;
		const instanceConfig = {
			name,
			kind: kind.name,
			models: (config.models ?? []).map((model, index) => forBackend(model, entry.models[index]?.operations)),
			options: config.options ?? {},
			...(entry.operations === undefined ? {} : { operations: entry.operations }),
			...(config.base_url === undefined ? {} : { base_url: config.base_url }),
			...(config.headers === undefined ? {} : { headers: config.headers }),
		};
		const identity = JSON.stringify(instanceConfig);
		const kept = before?.identity === identity ? before : undefined;
		const backend = kept?.backend ?? checkedBackend(createdBackend(kind, instanceConfig, this.#network, this.#readSecret), name);
		const policy = config.key_policy ?? "round_robin";
		const keyIdentity = JSON.stringify([policy, keyNames]);
		const sources = keyNames.map((keyName) => ({ name: keyName, read: () => this.#key(keyName) }));
		const keys = kept?.keyIdentity === keyIdentity ? kept.keys : new KeyPool({ sources, policy, random: this.#random });
		const stats = kept?.stats ?? new InstanceStats(statsSettings, this.#random);
		const table = this.#modelTable(config.discover_models === true, {
			backend,
			name,
			keyNames,
			kept: keys === kept?.keys ? kept.table : undefined,
		});
		const instance = buildInstance(backend, {
			name,
			kind: kind.name,
			models: entry.models,
			operations: entry.operations,
			features: entry.features,
			transports: config.transports,
			weight: config.weight ?? 1,
			priority: config.priority ?? 0,
			region: config.region,
			limits: config.limits ?? {},
			operationLimits: entry.operationLimits,
			price: config.price,
			keys,
			stats,
			...(table === undefined ? {} : { discovered: () => guestModels(instanceConfig.models, table.current()) }),
		});
		const models = instanceConfig.models.map((model) => (typeof model === "string" ? model : (model.upstream ?? model.name)));
		return { backend, identity, keyIdentity, keyNames, keys, stats, instance, models, table };
	}

	/** Returns the table of the models that a backend lists; `undefined` if they are not wanted, or the kind lists none. */
	#modelTable(
		isWanted: boolean,
		{
			backend,
			name,
			keyNames,
			kept,
		}: Pick<Entry, "backend" | "keyNames"> & { readonly name: string; readonly kept: ModelTable | undefined },
	): ModelTable | undefined {
		const { listModels } = backend;
		if (!isWanted || listModels === undefined) return undefined;
		if (kept !== undefined) return kept;
		return new ModelTable({
			list: (context) => listModels.call(backend, context),
			key: () => keyNames.map((keyName) => this.#key(keyName)).find((key) => key !== undefined),
			clock: systemClock,
			onFailure: (error) => this.#onListFailure(name, error),
		});
	}

	/** Reads a variable or file that an option names. From then on its value is a secret, as a key is. */
	readonly #readSecret = (name: string): string | undefined => {
		this.#keyNames.add(name);
		return this.#key(name);
	};

	/** Returns the present value of a key; `undefined` when it is not set. */
	#key(name: string): string | undefined {
		return this.#secrets.get(name);
	}
}

/** Returns a model without its limits and price, which only the router uses. */
function forBackend(model: ModelConfig, operations: readonly Operation[] | undefined): BackendModel {
	const known = operations === undefined ? {} : { operations: [...operations] };
	if (typeof model === "string") return operations === undefined ? model : { name: model, ...known };
	const { limits: _l, price: _p, ...rest } = model;
	return { ...rest, ...known };
}

/** Adds a fault that a kind has found. Suggests the closest name for an unknown one. */
function addFault({ path, message, known }: BackendConfigFault, backend: string, faults: Faults, cause: unknown): void {
	const suggestion = known === undefined || !faults.suggests ? "" : didYouMean(String(path.at(-1)), known);
	faults.add(["backends", backend, ...path], `${message}${suggestion}`, { part: known === undefined ? "value" : "key", cause });
}

function inUse(entries: ReadonlyMap<string, Entry>, backend: Backend): boolean {
	return [...entries.values()].some((other) => other.backend === backend);
}

function compare(before: ReadonlyMap<string, Entry>, after: ReadonlyMap<string, Entry>): BackendDiff {
	const both = [...after].filter(([name]) => before.has(name));
	return {
		added: [...after.keys()].filter((name) => !before.has(name)),
		removed: [...before.keys()].filter((name) => !after.has(name)),
		replaced: both.filter(([name, { backend }]) => before.get(name)?.backend !== backend).map(([name]) => name),
		kept: both.filter(([name, { backend }]) => before.get(name)?.backend === backend).map(([name]) => name),
	};
}
