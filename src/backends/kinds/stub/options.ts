import type { InstanceConfig } from "../../backend.ts";
import { OptionReader } from "../../kit/option-reader.ts";

/** What an operator may say about a stub, under `options`. */
export interface StubOptions {
	/** Time before each word of an answer, in milliseconds; 0 by default. */
	readonly delayMs: number;
}

/** @throws BackendConfigError naming the option that is wrong or unknown. */
export function readOptions(config: InstanceConfig): StubOptions {
	const reader = new OptionReader(config.name, config.options);
	const options = { delayMs: reader.integer("delay_ms", { min: 0, max: 60_000 }) ?? 0 };
	reader.finish();
	return options;
}
