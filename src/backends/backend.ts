import type { BackendOperations } from "../../generated/backends/operations.ts";
import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { shareAcrossCopies } from "../errors/shared-class.ts";

/** A kind of backend: the adapter that speaks one upstream protocol. Its name is that of its folder. */
export interface BackendKind {
	readonly name: string;
	/**
	 * Makes an instance. Opens no connection: an upstream that is down shows in the first call, not at start.
	 *
	 * @throws BackendConfigError when the configuration is not one this kind can work with.
	 */
	create(config: InstanceConfig): Backend;
}

/**
 * One configured instance. Calls run side by side; each ends soon after its `signal` is aborted, with the signal's reason
 * when that is a SpearError, else with `cancelled`. To stop a stream whose next event is awaited, abort its signal.
 */
export interface Backend {
	readonly operations: BackendOperations;
	/** What this kind can do per operation, before the operator's configuration narrows or extends it. */
	readonly capabilities: { readonly [O in Operation]?: OperationCapabilities };
	/** Ends calls in flight with `cancelled` and lets go of every socket and timer. */
	close(): Promise<void>;
}

export interface OperationCapabilities {
	readonly features: readonly Feature[];
	readonly transports: readonly Transport[];
	/** Models the kind brings along, the default one first, for an instance whose configuration names none. */
	readonly models?: readonly string[];
	/**
	 * What this kind leaves out of a request because its upstream has no place for it, one sentence each. What is neither
	 * translated nor named here is refused, never dropped.
	 */
	readonly downgrades?: readonly string[];
	/** Voices a request may ask for, where the operation has voices. */
	readonly voices?: readonly tts.Voice[];
}

/** One backend instance as configured, in the configuration's own spelling. */
export interface InstanceConfig {
	/** The name the operator gave it, e.g. `openai`. */
	readonly name: string;
	readonly kind: string;
	/** Where the upstream is; its path is kept, e.g. `https://api.example.com/v1`. */
	readonly base_url?: string;
	/** The models it serves; the first that is no pattern is the default. None means: any model a request names. */
	readonly models: readonly ModelConfig[];
	/** Sent with every request. Never keys. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Settings of the kind itself. */
	readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A model: its name for guests, or that and its name upstream. A name that holds one `*`, e.g. `gpt-*`, stands for all models it
 * matches; the `*` in `upstream` for what it matched.
 */
export type ModelConfig =
	| string
	| {
			readonly name: string;
			readonly upstream?: string;
			/** Further names that guests may use. */
			readonly aliases?: readonly string[];
			readonly operations?: readonly string[];
	  };

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

	constructor(instance: string, message: string) {
		super(`backends.${instance}.${message}`);
		this.instance = instance;
	}
}
