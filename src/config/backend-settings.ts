import type { BackendConfig, BackendLimits, ModelConfig } from "../../generated/ir/config.ts";
import { FEATURES, type Feature, type Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../backends/backend.ts";
import { guestName } from "../errors/guest-name.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import type { InstanceModel } from "../router/instances/build-instance.ts";
import type { ConfigPath } from "./config-path.ts";
import { didYouMean, plainName } from "./did-you-mean.ts";
import type { Faults } from "./faults.ts";
import { byOperation, known } from "./known.ts";
import { looksLikeKey } from "./looks-like-key.ts";
import { KIND_OTHER_NAMES, OPERATION_OTHER_NAMES, PRESET_OTHER_NAMES, VALUE_OTHER_NAMES } from "./other-names.ts";
import { secretPath } from "./secret-path.ts";

/** A checked `[backends.<name>]` table. */
export interface NamedBackend {
	readonly name: string;
	readonly kind: BackendKind;
	readonly config: BackendConfig;
	/** Names of the environment variables and absolute paths of the files that hold the keys. Empty for a backend that needs no key. */
	readonly keyNames: readonly string[];
	/** Operations that the backend is restricted to. Absent for those of the kind. */
	readonly operations: readonly Operation[] | undefined;
	/** Features that the backend is restricted to. Absent for those of the kind. */
	readonly features: readonly Feature[] | undefined;
	/** Models in the order of the configuration. */
	readonly models: readonly BackendModel[];
	/** Limits that replace those of the backend for one operation. */
	readonly operationLimits: ReadonlyMap<Operation, BackendLimits>;
}

export interface Kinds {
	readonly enabled: readonly BackendKind[];
	/** Names of kinds that this build omits. */
	readonly disabled: readonly string[];
}

/** A configured model. */
export interface BackendModel extends InstanceModel {
	/** Name that the upstream has for the model. The default is the name. */
	readonly upstream?: string | undefined;
	/** True if the operations follow from the name, and not from the configuration. */
	readonly isGuessed?: boolean;
}

/**
 * Reads one `[backends.<name>]` table. Adds its faults to `faults`.
 *
 * @returns `undefined` for an unknown kind, and for a kind that this build omits.
 */
export function backendSettings(name: string, config: BackendConfig, kinds: Kinds, faults: Faults): NamedBackend | undefined {
	const path = ["backends", name];
	const kind = findKind(config.kind, kinds, [...path, "kind"], faults);
	const operations = known(config.operations, OPERATION_NAMES, [...path, "operations"], faults, OPERATION_OTHER_NAMES);
	const features = known(config.features, FEATURES, [...path, "features"], faults, VALUE_OTHER_NAMES);
	const models = (config.models ?? []).map((model, index) => readModel(model, [...path, "models", index], faults));
	const operationLimits = byOperation(config.operation_limits, [...path, "operation_limits"], faults, (limits) => limits);
	const keyNames = [...keyVariables(config, [...path, "api_key_env"], faults), ...keyFiles(config, [...path, "api_key_file"], faults)];
	if (kind === undefined) return undefined;
	const served = models.map((model) => withOperations(model, kind, operations));
	return { name, kind, config, keyNames, operations, features, models: served, operationLimits };
}

/** Returns the names of the variables of the keys. Adds a fault for a name that looks like a key, and does not repeat it. */
function keyVariables({ api_key_env: names = [] }: BackendConfig, path: ConfigPath, faults: Faults): readonly string[] {
	for (const [index, name] of (typeof names === "string" ? [names] : names).entries()) {
		if (looksLikeKey(name)) {
			faults.add(
				typeof names === "string" ? path : [...path, index],
				"this looks like a key; put the key into an environment variable, and the name of the variable here",
			);
		}
	}
	return typeof names === "string" ? [names] : names;
}

/** Returns the absolute paths of the files of the keys. Adds a fault for a path that a shell would expand, and for a key in place of a path. */
function keyFiles({ api_key_file: files = [] }: BackendConfig, path: ConfigPath, faults: Faults): readonly string[] {
	return (typeof files === "string" ? [files] : files).map((file, index) =>
		secretPath(file, typeof files === "string" ? path : [...path, index], faults),
	);
}

/**
 * Returns a model with the operations that its name tells, if the configuration states none. An operator who restricts the backend to other operations
 * knows better.
 */
function withOperations(model: BackendModel, kind: BackendKind, ofBackend: readonly Operation[] | undefined): BackendModel {
	if (model.operations !== undefined) return model;
	const operations = kind.operationsOf?.(model.upstream ?? model.name);
	const isPossible = operations?.some((operation) => ofBackend?.includes(operation) ?? true) === true;
	return isPossible ? { ...model, operations, isGuessed: true } : model;
}

function readModel(model: ModelConfig, path: ConfigPath, faults: Faults): BackendModel {
	if (typeof model === "string") return { name: checkPattern(model, path, faults), operations: undefined };
	const { name, upstream, aliases, limits, price } = model;
	checkPattern(name, [...path, "name"], faults);
	if (upstream?.includes("*") === true && !name.includes("*")) {
		faults.add([...path, "upstream"], "'*' stands for the match of the '*' in the name, but the name has none");
	}
	return {
		name,
		upstream,
		aliases,
		operations: known(model.operations, OPERATION_NAMES, [...path, "operations"], faults, OPERATION_OTHER_NAMES),
		limits,
		price,
	};
}

function checkPattern(name: string, path: ConfigPath, faults: Faults): string {
	if (name.indexOf("*") !== name.lastIndexOf("*")) faults.add(path, `'${guestName(name)}' contains more than one '*'; one is allowed`);
	return name;
}

function findKind(name: string, kinds: Kinds, path: ConfigPath, faults: Faults): BackendKind | undefined {
	const kind = kinds.enabled.find((candidate) => candidate.name === name);
	if (kind !== undefined) return kind;
	if (kinds.disabled.includes(name)) {
		const message = `the backend kind '${name}' is not part of this build; enable it in codegen.config.json and run codegen again`;
		faults.add(path, message, { notEnabled: true });
		return undefined;
	}
	const names = kinds.enabled.map((candidate) => candidate.name);
	const suggestion = faults.suggests ? (presetHint(name, names) ?? didYouMean(name, names, KIND_OTHER_NAMES)) : "";
	faults.add(path, `no backend kind is named '${guestName(name)}'${suggestion}; there are: ${names.join(", ")}`);
	return undefined;
}

/** Returns the lines to write for a vendor that has a preset, or `undefined` for any other name. */
function presetHint(name: string, kinds: readonly string[]): string | undefined {
	const plain = plainName(name);
	const preset = Object.hasOwn(PRESET_OTHER_NAMES, plain) ? PRESET_OTHER_NAMES[plain] : undefined;
	if (preset === undefined || !kinds.includes("openai-compatible")) return undefined;
	return `; write kind = "openai-compatible" and options = { preset = "${preset}" }`;
}
