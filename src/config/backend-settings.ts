import type { BackendConfig, BackendLimits, ModelConfig } from "../../generated/ir/config.ts";
import { FEATURES, type Feature, type Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../backends/backend.ts";
import { SpearError } from "../errors/spear-error.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import type { InstanceModel } from "../router/instances/build-instance.ts";
import { didYouMean } from "./did-you-mean.ts";
import { byOperation, known } from "./known.ts";

/** A checked `[backends.<name>]` table. */
export interface NamedBackend {
	readonly name: string;
	readonly kind: BackendKind;
	readonly config: BackendConfig;
	/** Names of the environment variables that hold the keys. Empty for a backend that needs no key. */
	readonly keyNames: readonly string[];
	/** Operations that the backend is restricted to. Absent for those of the kind. */
	readonly operations: readonly Operation[] | undefined;
	/** Features that the backend is restricted to. Absent for those of the kind. */
	readonly features: readonly Feature[] | undefined;
	/** Models in the order of the configuration. */
	readonly models: readonly InstanceModel[];
	/** Limits that replace those of the backend for one operation. */
	readonly operationLimits: ReadonlyMap<Operation, BackendLimits>;
}

export interface Kinds {
	readonly enabled: readonly BackendKind[];
	/** Names of kinds that this build omits. */
	readonly disabled: readonly string[];
}

/**
 * Reads one `[backends.<name>]` table. Adds its faults to `faults`.
 *
 * @returns `undefined` for an unknown kind.
 * @throws SpearError `backend_not_enabled` for a kind that this build omits.
 */
export function backendSettings(name: string, config: BackendConfig, kinds: Kinds, faults: string[]): NamedBackend | undefined {
	const key = `backends.${name}`;
	const kind = findKind(config.kind, kinds, `${key}.kind`, faults);
	const operations = known(config.operations, OPERATION_NAMES, `${key}.operations`, faults);
	const features = known(config.features, FEATURES, `${key}.features`, faults);
	const models = (config.models ?? []).map((model, index) => readModel(model, `${key}.models[${index}]`, faults));
	const operationLimits = byOperation(config.operation_limits, `${key}.operation_limits`, faults, (limits) => limits);
	const { api_key_env: keys = [] } = config;
	const keyNames = typeof keys === "string" ? [keys] : keys;
	return kind === undefined ? undefined : { name, kind, config, keyNames, operations, features, models, operationLimits };
}

function readModel(model: ModelConfig, key: string, faults: string[]): InstanceModel {
	if (typeof model === "string") return { name: checkPattern(model, key, faults), operations: undefined };
	const { name, upstream, aliases, limits, price } = model;
	checkPattern(name, `${key}.name`, faults);
	if (upstream?.includes("*") === true && !name.includes("*")) {
		faults.push(`${key}.upstream: '*' stands for the match of the '*' in the name, but the name has none`);
	}
	return { name, aliases, operations: known(model.operations, OPERATION_NAMES, `${key}.operations`, faults), limits, price };
}

function checkPattern(name: string, key: string, faults: string[]): string {
	if (name.indexOf("*") !== name.lastIndexOf("*")) faults.push(`${key}: '${name}' contains more than one '*'; one is allowed`);
	return name;
}

function findKind(name: string, kinds: Kinds, key: string, faults: string[]): BackendKind | undefined {
	const kind = kinds.enabled.find((candidate) => candidate.name === name);
	if (kind !== undefined) return kind;
	if (kinds.disabled.includes(name)) {
		throw new SpearError(
			"backend_not_enabled",
			`${key}: the backend kind '${name}' is not part of this build; enable it in codegen.config.json and run codegen again`,
		);
	}
	const names = kinds.enabled.map((candidate) => candidate.name);
	faults.push(`${key}: no backend kind is named '${name}'${didYouMean(name, names)}; there are: ${names.join(", ")}`);
	return undefined;
}
