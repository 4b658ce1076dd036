import { SpearError } from "../errors/spear-error.ts";

/** A configuration that cannot be used: every fault found, each naming its key. */
export class ConfigError extends SpearError {
	readonly source: string;
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
