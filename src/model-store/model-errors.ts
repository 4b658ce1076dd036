import { SpearError } from "../errors/spear-error.ts";

/** The error of a model that is not on this machine, or not whole. `message` names the command that mends it. */
export class ModelMissingError extends SpearError {
	override readonly name = "ModelMissingError";
	/** Name of the model. */
	readonly model: string;

	/** @param reason Completes the sentence "the model … ". */
	constructor(model: string, reason: string) {
		// Not retryable, and the same for every request until an operator acts: the router goes on to another backend.
		super("backend_error", `the model ${model} ${reason}; run \`spear models pull ${model}\``, { processed: "no" });
		this.model = model;
	}
}

/** Returns the error of a name that no model has. */
export function unknownModel(name: string, known: readonly string[]): SpearError {
	return new SpearError("invalid_request", `there is no model '${name}'; there are ${known.join(", ")}`);
}
