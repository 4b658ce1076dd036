import type { BackendOperations } from "../../generated/backends/operations.ts";
import type { BackendConfig } from "../../generated/ir/config.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { shareAcrossCopies } from "../errors/shared-class.ts";
import type { Network } from "../transport/network.ts";
import type { UpstreamProbes } from "./discovery.ts";
import type { FieldRules } from "./rules.ts";

/** A kind of backend: an adapter for one upstream protocol. */
export interface BackendKind {
	/** Name for `kind` in the configuration. */
	readonly name: string;
	/**
	 * Creates an instance. Opens no connection, so an unavailable upstream does not prevent the start of the host.
	 *
	 * @param network Proxies and certificate authorities of the host. The default is direct connections.
	 * @param variable Reads variables and files that options name, beside those of the keys. The default knows none.
	 * @throws BackendConfigError for a configuration that this kind cannot use.
	 */
	create(config: InstanceConfig, network?: Network, variable?: ReadVariable): Backend;
	/**
	 * Returns the operations of a model by the name that the upstream has for it, for a model whose configuration states none. Returns `undefined` for a
	 * name that says nothing: such a model serves every operation of the backend. Absent for a kind whose models do so.
	 */
	operationsOf?(model: string): readonly Operation[] | undefined;
	/**
	 * Returns the part of a host without configured backends that this kind serves on this machine, or `undefined` for none. Reads no more
	 * than the sizes of files. Absent for a kind that needs a configuration.
	 */
	embedded?(): Promise<EmbeddedBackend | undefined>;
}

/** A backend that needs no configuration on this machine. */
export interface EmbeddedBackend {
	/** Operations whose packages and models are there. */
	readonly operations: readonly Operation[];
	/** Settings of the kind. */
	readonly options?: NonNullable<BackendConfig["options"]>;
}

/**
 * Reads an environment variable of the host, or a file by its absolute path, for an option that names one. Returns `undefined` if there is none. The value is a secret: the
 * host's log never shows it. Read it for each request, so that a new value counts.
 */
export type ReadVariable = (name: string) => string | undefined;

/**
 * A configured instance. Calls run concurrently. After its `signal` is aborted, a call ends soon: with the signal's reason if that is
 * a SpearError, else with `cancelled`. To end a stream while its next event is awaited, abort its signal.
 */
export interface Backend extends UpstreamProbes {
	readonly operations: BackendOperations;
	/** Capabilities by operation, before the operator's configuration narrows or extends them. */
	readonly capabilities: { readonly [O in Operation]?: OperationCapabilities<O> };
	/** Returns the models that run in the host's own process. Absent for none. */
	residentModels?(): readonly ResidentModel[];
	/** Ends calls in flight with `cancelled` and releases every socket and timer. */
	close(): Promise<void>;
}

/** A model that runs in the host's own process. */
export interface ResidentModel {
	/** Name of the model, as the operator manages it. */
	readonly name: string;
	/** True while the model is loaded and takes memory. */
	readonly isLoaded: boolean;
	/** Memory of the loaded model, in bytes, as measured for this release. Absent: not measured. */
	readonly memoryBytes?: number | undefined;
}

/** Capabilities of a backend kind for one operation. */
export interface OperationCapabilities<O extends Operation = Operation> {
	readonly features: readonly Feature[];
	readonly transports: readonly Transport[];
	/** Models of an instance whose configuration names none, the default model first. */
	readonly models?: readonly string[];
	/**
	 * Treatment of every field of a request. The backend does what the rules say: it drops what they drop, and refuses what they reject.
	 * The router passes over the instance if a rule rejects a field of a request. The answer reports what was emulated and dropped.
	 */
	readonly rules: FieldRules<O>;
	/** Voices that a request may name. Absent for operations without voices. */
	readonly voices?: readonly tts.Voice[];
}

/** Configuration of a backend instance, in the spelling of the configuration file. */
export interface InstanceConfig {
	/** Name of the instance, chosen by the operator. */
	readonly name: string;
	readonly kind: string;
	/** URL of the upstream, such as `https://api.example.com/v1`. Paths of requests are appended. */
	readonly base_url?: string;
	/** Models that the instance serves. The first that is not a pattern is the default. Empty: any model that a request names. */
	readonly models: readonly ModelConfig[];
	/** Operations that the host asks the instance for. Absent: all of its kind. */
	readonly operations?: readonly Operation[];
	/** Headers of every request. Must not hold keys. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Settings of the kind. */
	readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A model: the name for guests alone, or with the upstream's name. A name with one `*`, such as `gpt-*`, is a pattern for all models
 * that it matches. A `*` in `upstream` becomes the text that the pattern matched.
 */
export type ModelConfig =
	| string
	| {
			readonly name: string;
			readonly upstream?: string;
			/** Further names that guests may use. */
			readonly aliases?: readonly string[];
			/** Operations that the model serves. Absent: all operations of the instance. */
			readonly operations?: readonly string[];
	  };

/** A fault of one member of a backend's configuration. */
export interface BackendConfigFault {
	/** Keys and indexes that lead to the member, such as `["options", "timeouts", "idle_timeout_ms"]`. */
	readonly path: readonly (string | number)[];
	/** The fault in words, without the path. */
	readonly message: string;
	/** Valid names in place of the last step of the path, for a suggestion. Absent if the name is valid. */
	readonly known?: readonly string[];
}

/**
 * A configuration that a backend kind cannot use. The message names the instance and the member, for the operator.
 *
 * `instanceof BackendConfigError` accepts errors of other copies of this package.
 */
export class BackendConfigError extends Error {
	static {
		shareAcrossCopies(BackendConfigError, "BackendConfigError");
	}

	override readonly name = "BackendConfigError";
	/** Name of the instance. */
	readonly instance: string;
	/** Every fault. */
	readonly faults: readonly BackendConfigFault[];

	/**
	 * @param message The fault in words, beginning with the member, such as `base_url must …`.
	 * @param faults The faults by member. The default is one fault of the member that `message` begins with.
	 * @param options `cause`: the failure behind the faults. The default is none.
	 */
	constructor(
		instance: string,
		message: string,
		faults: readonly BackendConfigFault[] = [faultOf(message)],
		options: Pick<ErrorOptions, "cause"> = {},
	) {
		super(`backends.${instance}.${message}`, options);
		this.instance = instance;
		this.faults = faults;
	}
}

/** Returns the fault that a message describes. The path is empty if the message names no member of a backend. */
function faultOf(message: string): BackendConfigFault {
	const match = /^((?:base_url|headers|models|options)(?:\.[\w-]{1,64}){0,8})(?::? )/.exec(message);
	const path = match?.[1]?.split(".") ?? [];
	return { path, message: match === null ? message : message.slice(match[0].length) };
}
