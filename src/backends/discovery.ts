import type { ModelLimits } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";

/** A model that an upstream lists. */
export interface DiscoveredModel {
	/** The upstream's name. At most 256 characters. */
	readonly name: string;
	/** Further names that requests may use. The default is none. */
	readonly aliases?: readonly string[];
	/** Operations that the model serves. Absent: the upstream does not say. */
	readonly operations?: readonly Operation[];
	/** Limits that the upstream states. An absent limit is unknown. */
	readonly limits?: Pick<ModelLimits, "context_tokens" | "output_tokens">;
}

/** Context of a request that no guest made. */
export interface ProbeContext {
	/** Aborting it ends the request at once. */
	readonly signal: AbortSignal;
	/** The key. Absent for an upstream that needs none. */
	readonly apiKey: string | undefined;
}

/** Functions of a backend that ask the upstream about itself. Absent where the upstream has nothing of the kind. */
export interface UpstreamProbes {
	/**
	 * Lists the models of the upstream. Reads every page, at most {@link MAX_MODELS} models.
	 *
	 * @throws SpearError as calls of an operation do.
	 */
	listModels?(context: ProbeContext): Promise<readonly DiscoveredModel[]>;
	/**
	 * Sends the cheapest request that shows if URL and key work, for an upstream without a list of models.
	 *
	 * @throws SpearError as calls of an operation do.
	 */
	probe?(context: ProbeContext): Promise<void>;
}

/** Most models of one upstream. Large aggregators list some hundreds. */
export const MAX_MODELS = 10_000;

/** Longest name of a model, in characters. */
export const MAX_MODEL_NAME = 256;
