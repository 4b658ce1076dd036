import { shareAcrossCopies } from "../errors/shared-class.ts";
import { SpearError } from "../errors/spear-error.ts";

/**
 * A configuration that cannot be used. The code is `invalid_request`, and the message lists every fault.
 *
 * `instanceof ConfigError` accepts errors of other copies of this package.
 */
export class ConfigError extends SpearError {
	static {
		shareAcrossCopies(ConfigError, "ConfigError");
	}

	override readonly name: string = "ConfigError";
	/** Origin of the configuration: the path of a file, or a name for a value. */
	readonly source: string;
	/** Every fault in one line, beginning with the key if the fault has one. */
	readonly faults: readonly string[];

	constructor(source: string, faults: readonly string[]) {
		super(
			"invalid_request",
			[
				`${source}: ${faults.length === 1 ? "a fault" : `${faults.length} faults`} in the configuration`,
				...faults.map((fault) => `  ${fault}`),
			].join("\n"),
		);
		this.source = source;
		this.faults = faults;
	}
}
